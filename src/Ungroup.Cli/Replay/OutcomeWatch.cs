using Ungroup.Cli.Worker;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Replay;

/// <summary>
/// Waits for the outcomes of letters that were sent back. The ledger has them; a letter that comes back without one is found among the
/// dead letters, by the mark of this run.
/// </summary>
internal sealed class OutcomeWatch(RemovalLedger ledger, DeadLetters letters, WatchOptions options)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    /// <summary>Null when all have ended well; otherwise why no more should be sent.</summary>
    public async Task<string?> WaitAsync(IReadOnlyList<Letter.Fresh> sent, CancellationToken cancellationToken)
    {
        var open = sent.ToList();
        var until = options.Clock.GetUtcNow() + options.Patience;
        while (true)
        {
            if (await FirstBadAsync(open, cancellationToken) is { } bad)
            {
                return bad;
            }

            if (open.Count == 0)
            {
                return null;
            }

            if (await ComeBackAsync(cancellationToken) is { } back)
            {
                return $"{back} is back in the dead-letter queue.";
            }

            if (options.Clock.GetUtcNow() > until)
            {
                return $"{open[0].MessageId} had no outcome after {options.Patience}. The worker may be away, may work with another ledger, "
                    + "or may wait for ECS; its log says which.";
            }

            await Task.Delay(BetweenLooks, options.Clock, cancellationToken);
        }
    }

    private async Task<string?> FirstBadAsync(List<Letter.Fresh> open, CancellationToken cancellationToken)
    {
        var records = await Task.WhenAll(open.Select(letter => ledger.ReadAsync(new(letter.Request.Account, letter.Request.RequestId), cancellationToken)));
        foreach (var (letter, stored) in open.ToArray().Zip(records))
        {
            if (stored?.Record.Outcome is not { } outcome)
            {
                continue;
            }

            var known = KnownOutcome.Of(outcome.ReadFacts());
            if (!known.IsGood)
            {
                return $"{letter.MessageId} ended as {known.Text}";
            }

            open.Remove(letter);
        }

        return null;
    }

    private async Task<string?> ComeBackAsync(CancellationToken cancellationToken)
    {
        await foreach (var letter in letters.PeekAsync(options.After, cancellationToken))
        {
            if (OutgoingMessage.IsReplayed(letter, options.Run))
            {
                return letters.Read(letter).MessageId;
            }
        }

        return null;
    }
}

internal sealed record WatchOptions(string Run, long After, TimeSpan Patience, TimeProvider Clock);
