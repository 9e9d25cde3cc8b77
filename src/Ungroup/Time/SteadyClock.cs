namespace Ungroup.Time;

/// <summary>
/// Time that passes and is never set: the clock as it was when this was made, and what has passed since. A count by it does not notice that
/// somebody sets the machine's clock; what others are told, and what a message waits for, is said by that clock all the same.
/// </summary>
internal sealed class SteadyClock(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly long _beganAt = clock.GetTimestamp();

    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _began + clock.GetElapsedTime(_beganAt);

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);

    /// <summary>An instant of this clock, as the machine's clock has it.</summary>
    public DateTimeOffset ToMachine(DateTimeOffset instant) => instant + (clock.GetUtcNow() - GetUtcNow());

    /// <summary>An instant of the machine's clock, as this one has it.</summary>
    public DateTimeOffset FromMachine(DateTimeOffset instant) => instant - (clock.GetUtcNow() - GetUtcNow());
}
