namespace Ungroup.Tests.Quotas;

/// <summary>A clock that is off by so much.</summary>
internal sealed class ShiftedClock(TimeProvider right) : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + Ahead;

    public override long TimestampFrequency => right.TimestampFrequency;

    public override long GetTimestamp() => right.GetTimestamp();
}
