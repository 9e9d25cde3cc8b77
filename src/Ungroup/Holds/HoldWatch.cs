using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Holds;

/// <summary>
/// The holds as this process knows them: read when somebody asks, at most once a second. Knowledge that is older than two seconds is not enough for
/// a clean-up; for all else the last that was known counts.
/// </summary>
internal sealed class HoldWatch(HoldRows rows, TimeProvider clock, Func<double> chance)
{
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan OldEnough = TimeSpan.FromSeconds(2);

    // All that waits is back within five minutes of a resume, also where the broker is a little late.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan WhileUnknown = TimeSpan.FromSeconds(15);

    private readonly Lock _sync = new();
    private Known? _known;
    private Task<Known?> _reading = Task.FromResult<Known?>(null);
    private long? _lastRead;

    /// <summary>Null where nothing that is known stands against a call about this now. Never throws but for a cancellation.</summary>
    public async ValueTask<Held?> AskAsync(HoldSubject subject, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var known = await LookAsync(cancellationToken);
        if (known is not null && known.Find(subject, Since(known)) is { } found)
        {
            return Under(found, Since(known));
        }

        return subject.Origin == Origin.Cleanup && (known is null || Since(known) > OldEnough)
            ? new(null, clock.GetUtcNow() + (WhileUnknown * (1 + chance())))
            : null;
    }

    /// <summary>The wait that a hold makes of a request that it covers.</summary>
    /// <param name="hold">The hold.</param>
    /// <param name="since">How long ago it was read.</param>
    public Held Under(Hold hold, TimeSpan since = default)
    {
        ArgumentNullException.ThrowIfNull(hold);
        return new(hold, clock.GetUtcNow() + WaitUnder(hold.Left - since));
    }

    private async ValueTask<Known?> LookAsync(CancellationToken cancellationToken)
    {
        Task<Known?> reading;
        lock (_sync)
        {
            if (_known is { } known && Since(known) < BetweenReads)
            {
                return known;
            }

            if (_reading.IsCompleted && (_lastRead is not { } last || clock.GetElapsedTime(last) >= BetweenReads))
            {
                _lastRead = clock.GetTimestamp();
                _reading = ReadAsync(_lastRead.Value);
            }

            reading = _reading;
        }

        try
        {
            return await reading.WaitAsync(Patience, clock, cancellationToken) ?? _known;
        }
        catch (TimeoutException)
        {
            return _known;
        }
    }

    /// <summary>Goes on when nobody waits for it any more: the next one to ask profits.</summary>
    private async Task<Known?> ReadAsync(long began)
    {
        try
        {
            return _known = new(await rows.ReadAsync(CancellationToken.None), began);
        }
        catch (LedgerUnavailableException)
        {
            return null;
        }
    }

    private TimeSpan Since(Known known) => clock.GetElapsedTime(known.At);

    private TimeSpan WaitUnder(TimeSpan? left)
    {
        var wait = ShortestWait + ((LongestWait - ShortestWait) * chance());
        var atItsEnd = left + (WhileUnknown * chance());
        return atItsEnd < wait ? atItsEnd.Value : wait;
    }

    private sealed record Known(IReadOnlyList<Hold> Holds, long At)
    {
        public Hold? Find(HoldSubject subject, TimeSpan since) =>
            Holds.FirstOrDefault(hold => (hold.Left is null || hold.Left > since) && hold.Covers(subject));
    }
}

/// <summary>A request has to wait.</summary>
/// <param name="By">The hold; null where nobody knows whether there is one.</param>
/// <param name="Until">When to ask again, by our clock.</param>
internal sealed record Held(Hold? By, DateTimeOffset Until)
{
    /// <summary>Why, as a sentence for whoever asked for the request.</summary>
    public string Why => By is { } hold
        ? $"A hold on {hold.Scope} by {hold.By}: {hold.Reason}"
        : "Whether there is a hold is not known: the ledger does not answer, and a clean-up waits until it does.";
}
