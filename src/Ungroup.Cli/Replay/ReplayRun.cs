using Azure.Messaging.ServiceBus;
using Ungroup.Display;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Replay;

/// <summary>
/// Sends dead letters back: one alone, the canary, then in batches, each only after the one before has ended well. Nothing is locked
/// between two steps, so that a wait may be long.
/// </summary>
internal sealed class ReplayRun(DeadLetters letters, LetterReader reader, OutcomeWatch watch, ReplayOptions options, Shell shell)
{
    private const int Batch = 50;

    // A lock about to end may have ended at the broker.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private readonly HashSet<long> _seen = [];
    private readonly List<ServiceBusReceivedMessage> _held = [];

    public int Sent { get; private set; }

    public async Task<string?> RunAsync(Survey survey, CancellationToken cancellationToken)
    {
        if (survey.Canary is { } canary && await SendCanaryAsync(canary.Sequence, cancellationToken) is { } bad)
        {
            return $"The first letter was sent alone, and {bad}";
        }

        while (Sent < survey.Sendable)
        {
            var (taken, why) = await SendBatchAsync(survey, cancellationToken);
            if (why is not null || taken == 0)
            {
                return why;
            }
        }

        return null;
    }

    public async Task ReleaseAllAsync()
    {
        foreach (var letter in _held)
        {
            await letters.ReleaseAsync(letter);
        }

        _held.Clear();
    }

    private async Task<string?> SendCanaryAsync(long sequence, CancellationToken cancellationToken)
    {
        while (await letters.TakeAsync(1, cancellationToken) is { } message)
        {
            if (message.SequenceNumber != sequence)
            {
                _held.Add(message);
                continue;
            }

            await ReleaseAllAsync();
            if (await reader.ReadAsync(message, cancellationToken) is not Letter.Fresh canary)
            {
                await letters.ReleaseAsync(message);
                return "it has changed since it was looked at; run again.";
            }

            await SendAsync(canary);
            shell.Out.WriteLine(DisplayText.Line($"{DisplayText.Of(canary.MessageId)} sent, alone."));
            return await watch.WaitAsync([canary], cancellationToken);
        }

        return "it is gone: somebody else has taken it. Run again.";
    }

    private async Task<(int Taken, string? Why)> SendBatchAsync(Survey survey, CancellationToken cancellationToken)
    {
        var sent = new List<Letter.Fresh>();
        var taken = 0;
        string? why = null;
        while (why is null && taken < Batch && Sent < survey.Sendable && await letters.TakeAsync(Ahead(survey), cancellationToken) is { } message)
        {
            if (message.LockedUntil < shell.Clock.GetUtcNow() + Margin)
            {
                continue;
            }

            var isNew = message.SequenceNumber < survey.After && _seen.Add(message.SequenceNumber);
            switch (await reader.ReadAsync(message, cancellationToken))
            {
                case Letter.Fresh fresh when isNew:
                    await SendAsync(fresh);
                    sent.Add(fresh);
                    taken++;
                    break;
                case Letter.Done done when isNew:
                    await SendAsync(done);
                    taken++;
                    break;
                case Letter.Hopeless bad when isNew && !options.SkipInvalid:
                    _held.Add(message);
                    why = $"{bad.MessageId}: {bad.Why}";
                    break;
                default:
                    _held.Add(message);
                    break;
            }
        }

        why ??= await watch.WaitAsync(sent, cancellationToken);
        if (taken > 0 && why is null)
        {
            shell.Out.WriteLine($"{taken} more sent, {Sent} of {survey.Sendable}; {sent.Count} have ended well, {taken - sent.Count} had before.");
        }

        return (taken, why);
    }

    private int Ahead(Survey survey) => Math.Min(Batch, survey.Sendable - Sent);

    private async Task SendAsync(Letter letter)
    {
        await letters.SendBackAsync(letter.Message, options.Run);
        _seen.Add(letter.Message.SequenceNumber);
        Sent++;
    }
}

internal sealed record ReplayOptions(string Run, bool SkipInvalid);
