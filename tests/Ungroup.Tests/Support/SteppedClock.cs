using Microsoft.Extensions.Time.Testing;

namespace Ungroup.Tests.Support;

/// <summary>A wall clock that is off by a step, which a test sets; timers and elapsed time are not.</summary>
internal sealed class SteppedClock(FakeTimeProvider right) : TimeProvider
{
    public TimeSpan Step { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => right.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + Step;

    public override long GetTimestamp() => right.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        right.CreateTimer(callback, state, dueTime, period);
}
