using Microsoft.Extensions.Logging;

namespace Ungroup.Circuits;

/// <summary>
/// A new process reads once what others have found closed, before its first call: an API that is refused is not asked again by
/// each instance that a host adds meanwhile. It begins beside the claim of the first message, which takes as long, so that
/// nobody waits for it where the store answers.
/// </summary>
internal sealed partial class FirstLook(CircuitNote note, TimeProvider clock, ILogger<FirstLook> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private Task<string?>? _look;
    private volatile bool _isOver;

    /// <summary>Begins to look, unless somebody has. One that was in vain is begun anew: a store that is away lets nobody call, either.</summary>
    public void Begin()
    {
        if (_isOver)
        {
            return;
        }

        lock (_sync)
        {
            _look = _look is null or { IsCompletedSuccessfully: true, Result: not null } ? LookAsync() : _look;
        }
    }

    /// <summary>
    /// Ends at the latest a second after the look has begun. Who comes here has claimed its request, so that the store answers: there is
    /// no second one.
    /// </summary>
    public async ValueTask EndAsync()
    {
        if (_isOver)
        {
            return;
        }

        // All who wait go on where the answer comes, one after the other: of several that await one task, all but one would hop to
        // threads of their own, in an order that nobody can repeat.
        var problem = await Begun().ContinueWith(
            static look => look.Result, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        lock (_sync)
        {
            (problem, _isOver) = (_isOver ? null : problem, true);
        }

        if (problem is not null)
        {
            LogAlone(logger, problem);
        }
    }

    private Task<string?> Begun()
    {
        lock (_sync)
        {
            return _look ??= LookAsync();
        }
    }

    /// <summary>Null where it has looked; else why it could not.</summary>
    private async Task<string?> LookAsync()
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        try
        {
            await note.HearAsync(patience.Token).WaitAsync(patience.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"it has taken longer than {Patience.TotalSeconds:0} s.";
        }
        catch (Exception error)
        {
            // Whatever it was, no removal may wait for it: without this look one call more is refused at worst.
            return error.Message;
        }
    }

    [LoggerMessage(505, LogLevel.Warning,
        "What others have found closed is not known, because the ledger did not say; this instance finds it out by itself: {Reason}")]
    private static partial void LogAlone(ILogger logger, string reason);
}
