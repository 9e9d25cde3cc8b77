namespace Ungroup.FunctionsHost.Worker;

/// <summary>Counts the deaths of worker processes.</summary>
internal sealed class Deaths(TimeProvider clock)
{
    private const int Most = 3;

    private static readonly TimeSpan CountedFor = TimeSpan.FromMinutes(1);

    private readonly Queue<long> _times = new();

    /// <summary>Doubles from one second: a process that cannot live is not started as fast as it can die.</summary>
    public TimeSpan PauseAfter(WorkerLife life)
    {
        _times.Enqueue(clock.GetTimestamp());
        while (clock.GetElapsedTime(_times.Peek()) > CountedFor)
        {
            _times.Dequeue();
        }

        return !life.WasReady && _times.Count == 1 ? throw new FunctionsHostException($"The function app did not start: {life.End}.{life.LastWords}")
            : _times.Count > Most ? throw new FunctionsHostException($"The function app died {_times.Count} times within a minute, the last time: {life.End}.{life.LastWords}")
            : TimeSpan.FromSeconds(1 << (_times.Count - 1));
    }
}
