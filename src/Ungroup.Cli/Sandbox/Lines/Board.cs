using Ungroup.Jobs;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox.Lines;

/// <summary>Keeps how far each line has come, by the id of its message. A line that is a job has ended with the job, and not with its message.</summary>
internal sealed class Board(IReadOnlyList<RequestLine> lines)
{
    private readonly Lock _gate = new();
    private readonly LineState[] _states = [.. lines.Select(line => new LineState(line))];
    private readonly Dictionary<string, int> _places = lines.ToDictionary(line => line.MessageId, line => line.Number - 1);
    private readonly ILookup<JobKey, int> _jobs = lines.Where(line => line.Job is not null).ToLookup(line => line.Job!, line => line.Number - 1);
    private readonly Dictionary<JobKey, LineEnd> _jobEnds = [];
    private readonly HashSet<string> _told = [];
    private readonly HashSet<string> _untold = [];
    private readonly Dictionary<int, TaskCompletionSource> _awaited = [];
    private readonly TaskCompletionSource _allEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _allTold = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ended;

    public Task AllEnded => _allEnded.Task;

    public Task AllTold => _allTold.Task;

    public int Count => _states.Length;

    public int Ended => Volatile.Read(ref _ended);

    public int Told
    {
        get
        {
            lock (_gate)
            {
                return _told.Count;
            }
        }
    }

    public IReadOnlyList<LineState> Snapshot()
    {
        lock (_gate)
        {
            return [.. _states];
        }
    }

    public void Start()
    {
        lock (_gate)
        {
            CompleteIfDone();
        }
    }

    public void Began(Delivery delivery) => Change(delivery.MessageId, state => state with { IsWorkedOn = true, WaitsUntil = null, WaitsWhy = null });

    /// <summary>The line as it now is; null for a message that is none of this run's, or had ended before.</summary>
    public LineState? Settled(Delivery delivery, Settlement settlement)
    {
        foreach (var place in PlacesOfTheJobOf(delivery))
        {
            Change(place, state => state with { Calls = state.Calls + settlement.Calls });
        }

        return Change(delivery.MessageId, state => state.After(delivery, settlement));
    }

    /// <summary>Ends when the line has ended; one that is a job, when its message is done with.</summary>
    public Task DoneAsync(RequestLine line)
    {
        lock (_gate)
        {
            var place = _places[line.MessageId];
            if (_states[place].IsDone)
            {
                return Task.CompletedTask;
            }

            _awaited.TryAdd(place, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return _awaited[place].Task;
        }
    }

    /// <summary>Whether a message is one that a job has made, or is driven by.</summary>
    public bool IsOfAJob(Delivery delivery) => delivery.MessageId.StartsWith("job:", StringComparison.Ordinal) || PlacesOfTheJobOf(delivery).Any();

    public bool Receive(string eventId)
    {
        lock (_gate)
        {
            _untold.Remove(eventId);
            var isNew = _told.Add(eventId);
            CompleteIfDone();
            return isNew;
        }
    }

    /// <summary>An event of a job: how many resources it has, or how it ended.</summary>
    public void Heard(JobNews news, string eventId)
    {
        lock (_gate)
        {
            if (news.IsEnd)
            {
                _jobEnds[news.Job] = new(news.Facts, eventId, DeadLettered: false, Replayed: false) { Counts = news.Counts };
            }

            foreach (var place in _jobs[news.Job])
            {
                Change(place, state => state with { JobTotal = news.Counts.GetValueOrDefault("total") });
            }
        }
    }

    /// <summary>The outcome of a request that a job has made.</summary>
    public void Heard(OutcomeFacts ofAJob)
    {
        lock (_gate)
        {
            foreach (var place in _jobs[new(ofAJob.Account ?? "", ofAJob.JobId!)])
            {
                Change(place, state => state with { JobDone = state.JobDone + 1 });
            }
        }
    }

    private IEnumerable<int> PlacesOfTheJobOf(Delivery delivery) =>
        delivery.MessageId.Split('/', 2) is [var jobId, _] ? _jobs.Where(job => job.Key.JobId == jobId).SelectMany(job => job) : [];

    private LineState? Change(string messageId, Func<LineState, LineState> change) => _places.TryGetValue(messageId, out var place) ? Change(place, change) : null;

    private LineState? Change(int place, Func<LineState, LineState> change)
    {
        lock (_gate)
        {
            // A second copy of an ended message, left over by an earlier run.
            if (_states[place].End is not null)
            {
                return null;
            }

            var state = change(_states[place]);
            if (state is { IsTaken: true, End: null, Line.Job: { } job } && _jobEnds.TryGetValue(job, out var ended))
            {
                state = state with { End = ended };
            }

            _states[place] = state;
            if (state.IsDone && _awaited.Remove(place, out var awaited))
            {
                awaited.SetResult();
            }

            if (state.End is { } end)
            {
                _ended++;

                // An event that was published before is a duplicate to the topic, and may not come again.
                if (!end.Replayed && !_told.Contains(end.EventId))
                {
                    _untold.Add(end.EventId);
                }

                CompleteIfDone();
            }

            return state;
        }
    }

    private void CompleteIfDone()
    {
        if (_ended == _states.Length)
        {
            _allEnded.TrySetResult();
            if (_untold.Count == 0)
            {
                _allTold.TrySetResult();
            }
        }
    }
}
