using Ungroup.Quotas;
using Ungroup.Quotas.Windows;

namespace Ungroup.ServiceBus;

/// <summary>How many messages of a queue may be in hand at once: a fixed number, and as many as the pace has room for, looked at a few times a second.</summary>
internal sealed class Places
{
    private static readonly TimeSpan NextLook = TimeSpan.FromMilliseconds(200);

    // A message for an account that nobody knows of yet must not wait for ever behind one that is closed.
    private static readonly TimeSpan LongestWithheld = TimeSpan.FromMinutes(1);

    private readonly Lock _sync = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _size;
    private readonly QueueBudget? _room;
    private readonly TimeProvider _clock;
    private TaskCompletionSource? _fell;
    private TaskCompletionSource? _rose;
    private DateTimeOffset _lastHad;
    private int _allowed;
    private int _inHand;
    private bool _isStopped;

    public Places(int size, QueueBudget? room, TimeProvider clock)
    {
        (_size, _room, _clock, _lastHad) = (size, room, clock, clock.GetUtcNow());
        _allowed = Allowed();
        _ = LookAsync();
    }

    public int Free
    {
        get
        {
            lock (_sync)
            {
                return FreeNow;
            }
        }
    }

    /// <summary>Ends when the number of places falls other than by messages that come. Taken before a look at <see cref="Free"/>, it misses nothing.</summary>
    public Task Fell
    {
        get
        {
            lock (_sync)
            {
                return (_fell ??= New()).Task;
            }
        }
    }

    public Task Idle => _idle.Task;

    private int FreeNow => _isStopped ? 0 : Math.Max(0, _allowed - _inHand);

    /// <summary>How many are free, once any are; 0 once it is stopped.</summary>
    public async Task<int> WaitUntilFreeAsync()
    {
        while (true)
        {
            Task rose;
            lock (_sync)
            {
                if (_isStopped || FreeNow > 0)
                {
                    return FreeNow;
                }

                rose = (_rose ??= New()).Task;
            }

            await rose;
        }
    }

    public void Begin()
    {
        lock (_sync)
        {
            _inHand++;
            _lastHad = _clock.GetUtcNow();
            _room?.Began();
        }
    }

    public void End()
    {
        lock (_sync)
        {
            _inHand--;
            _lastHad = _clock.GetUtcNow();
            _room?.Ended();
            Update();
            Tell(ref _rose);
            EndIfIdle();
        }
    }

    public void Stop()
    {
        lock (_sync)
        {
            _isStopped = true;
            Tell(ref _fell);
            Tell(ref _rose);
            EndIfIdle();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Tell(ref TaskCompletionSource? told)
    {
        told?.TrySetResult();
        told = null;
    }

    private async Task LookAsync()
    {
        for (var goesOn = true; goesOn;)
        {
            await Task.Delay(NextLook, _clock);
            lock (_sync)
            {
                Update();
                goesOn = !_isStopped;
            }
        }
    }

    private void Update()
    {
        var before = _allowed;
        _allowed = Allowed();
        if (_allowed < before)
        {
            Tell(ref _fell);
        }
        else if (_allowed > before)
        {
            Tell(ref _rose);
        }
    }

    private int Allowed()
    {
        var atLeast = _inHand == 0 && _clock.GetUtcNow() - _lastHad >= LongestWithheld ? 1 : 0;
        return Math.Max(_room?.MayHold ?? _size, atLeast);
    }

    private void EndIfIdle()
    {
        if (_isStopped && _inHand == 0)
        {
            _idle.TrySetResult();
        }
    }
}
