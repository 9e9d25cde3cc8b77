using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox;

/// <summary>Keeps how far each line has come, by the id of its message.</summary>
internal sealed class Board(IReadOnlyList<RequestLine> lines)
{
    private readonly Lock _gate = new();
    private readonly LineState[] _states = [.. lines.Select(line => new LineState(line))];
    private readonly Dictionary<string, int> _places = lines.ToDictionary(line => line.MessageId, line => line.Number - 1);
    private readonly HashSet<string> _told = [];
    private readonly HashSet<string> _untold = [];
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
    public LineState? Settled(Delivery delivery, Settlement settlement) => Change(delivery.MessageId, state => state.After(delivery, settlement));

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

    private LineState? Change(string messageId, Func<LineState, LineState> change)
    {
        lock (_gate)
        {
            // A second copy of an ended message, left over by an earlier run.
            if (!_places.TryGetValue(messageId, out var place) || _states[place].End is not null)
            {
                return null;
            }

            var state = _states[place] = change(_states[place]);
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
