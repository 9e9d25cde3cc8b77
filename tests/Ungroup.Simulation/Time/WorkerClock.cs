namespace Ungroup.Simulation.Time;

/// <summary>The clock of one machine: wrong by some minutes, and all its timers are on the schedule.</summary>
internal sealed class WorkerClock(Schedule schedule, Process process, TimeSpan skew) : TimeProvider
{
    public TimeSpan Skew { get; set; } = skew;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => schedule.Now + Skew;

    // A monotonic clock takes no part in corrections of the wall clock.
    public override long GetTimestamp() => schedule.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(schedule, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(Schedule schedule, Process process, TimerCallback callback, object? state) : ITimer
    {
        private readonly object _work = schedule.Baton.Work();
        private int _version;
        private bool _isCancelled;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var version = ++_version;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                process.After(dueTime, () => Fire(version, period));
            }

            return true;
        }

        public void Dispose()
        {
            _version++;
            if (!_isCancelled && state is Task { IsCanceled: true } delay && delay.GetType().Name.StartsWith("Delay", StringComparison.Ordinal))
            {
                _isCancelled = true;
                schedule.Baton.Expect(_work);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }

        private void Fire(int version, TimeSpan period)
        {
            if (version != _version)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                Change(period, period);
            }

            callback(state);
        }
    }
}
