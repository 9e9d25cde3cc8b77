using Ungroup.ServiceBus;

namespace Ungroup.Cli.Replay;

/// <param name="Letters">How many letters there were.</param>
/// <param name="Sendable">How many of them may be sent.</param>
/// <param name="Done">How many of those have their outcome already.</param>
/// <param name="Hopeless">The others: message id and reason.</param>
/// <param name="Canary">The sequence number of the one to send first; null where all have their outcome.</param>
/// <param name="After">The first sequence number after all of them.</param>
internal sealed record Survey(
    int Letters, int Sendable, int Done, IReadOnlyList<(string MessageId, string Why)> Hopeless, (long Sequence, string MessageId)? Canary, long After)
{
    public static async Task<Survey> OfAsync(DeadLetters letters, LetterReader reader, int atMost, CancellationToken cancellationToken)
    {
        var (count, sendable, done, after) = (0, 0, 0, 0L);
        (long, string)? canary = null;
        var hopeless = new List<(string, string)>();
        await foreach (var message in letters.PeekAsync(0, cancellationToken))
        {
            var sequence = message.SequenceNumber;
            (count, after) = (count + 1, Math.Max(after, sequence + 1));
            if (sendable == atMost)
            {
                continue;
            }

            switch (await reader.ReadAsync(message, cancellationToken))
            {
                case Letter.Hopeless bad:
                    hopeless.Add((bad.MessageId, bad.Why));
                    break;
                case Letter.Done:
                    (sendable, done) = (sendable + 1, done + 1);
                    break;
                case Letter.Fresh fresh:
                    sendable++;
                    canary ??= (sequence, fresh.MessageId);
                    break;
            }
        }

        return new(count, sendable, done, hopeless, canary, after);
    }
}
