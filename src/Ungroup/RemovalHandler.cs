using Microsoft.Extensions.Logging;
using Ungroup.Ecs.Changes;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Pace;
using Ungroup.Requests;

namespace Ungroup;

/// <summary>What happens to a message, in order: a message becomes a request, a request an outcome, an outcome a settlement.</summary>
public sealed partial class RemovalHandler
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);
    private static readonly TimeSpan WhileAStoreIsAway = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestUntold = TimeSpan.FromHours(1);
    private static readonly TimeSpan AfterACopy = TimeSpan.FromSeconds(2);

    private readonly RequestReader _reader;
    private readonly RemovalLedger _ledger;
    private readonly RemovalDecision _decision;
    private readonly OutcomeRecorder _recorder;
    private readonly OutcomePublisher _publisher;
    private readonly HandlerContext _context;

    internal RemovalHandler(
        RequestReader reader, RemovalLedger ledger, RemovalDecision decision, OutcomeRecorder recorder, HandlerContext context)
    {
        _reader = reader;
        _ledger = ledger;
        _decision = decision;
        _recorder = recorder;
        _publisher = recorder.Publisher;
        _context = context;
    }

    /// <summary>Handles one delivery. Never throws for what a sender wrote, what ECS answered or a store that is away.</summary>
    /// <param name="delivery">The message as the host received it.</param>
    /// <param name="cancellationToken">The lock is lost or the host is ending: what has begun is finished, nothing new is begun.</param>
    public async Task<Settlement> HandleAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        delivery = PostponedCopy.Restore(delivery);
        using var activity = Telemetry.Begin(delivery);

        var broker = new BrokerTime(delivery, _context.Clock);
        var settlement = await SettleAsync(delivery, broker, cancellationToken);
        settlement = settlement is Settlement.Postpone postpone ? postpone with { Until = broker.OfOurs(postpone.Until) } : settlement;
        _context.Telemetry.Settled(settlement);
        return settlement;
    }

    private async Task<Settlement> SettleAsync(Delivery delivery, BrokerTime broker, CancellationToken cancellationToken)
    {
        try
        {
            return _reader.Read(delivery) switch
            {
                ParsedRequest.Accepted { Request: var request } => await SettleAsync(request, delivery, broker, cancellationToken),
                ParsedRequest.Invalid invalid => await RejectAsync(invalid, delivery),
                _ => throw new System.Diagnostics.UnreachableException(),
            };
        }
        catch (LedgerUnavailableException error)
        {
            Log.LedgerAway(_context.Logger, delivery.MessageId, error);
            return new Settlement.Postpone(Now + WhileAStoreIsAway, error.Message);
        }
    }

    private async Task<Settlement> SettleAsync(RemovalRequest request, Delivery delivery, BrokerTime broker, CancellationToken cancellationToken)
    {
        Telemetry.Describe(request);
        if (await _context.Shares.TakeAsync(delivery.Queue, request.Account, cancellationToken) is not { } share)
        {
            return new Settlement.Postpone(_context.Shares.ReturnAt(request.Origin, delivery.Postponements), Crowded(request, delivery)) { Origin = request.Origin };
        }

        try
        {
            return await ClaimAsync(request, delivery, broker, cancellationToken);
        }
        finally
        {
            share.Leave();
        }
    }

    private async Task<Settlement> ClaimAsync(RemovalRequest request, Delivery delivery, BrokerTime broker, CancellationToken cancellationToken)
    {
        _context.FirstLook.Begin();
        return await _ledger.ClaimAsync(request, delivery.MessageId, DeadlineOf(request, delivery), cancellationToken) switch
        {
            Claim.Granted { Lease: var lease } when request.NotBefore > broker.Now => await WaitAsync(lease, TooEarly(request, lease, broker), broker),
            Claim.Granted { Lease: var lease } => await DecideAsync(request, lease, delivery, broker, cancellationToken),
            Claim.Decided decided => await RepeatAsync(decided),
            Claim.Busy busy => new Settlement.Postpone(AfterOwner(busy, request, delivery, broker), "Another delivery works on this request, or it waits for its time."),
            Claim.Conflict conflict => await RejectAsync(request, conflict, delivery),
            Claim.Refused refused => await RejectAsync(request, refused, delivery),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private async Task<Settlement> DecideAsync(
        RemovalRequest request, Lease lease, Delivery delivery, BrokerTime broker, CancellationToken cancellationToken)
    {
        await _context.FirstLook.EndAsync();
        // The record counts how often the request was taken up before; what a message says of itself, anybody can write.
        var verdict = await _decision.DecideAsync(request, lease, lease.Record.Epoch - 1, cancellationToken);

        // From here on nothing is cancelled: what was done has to be written down.
        Settlement settlement = verdict switch
        {
            RemovalVerdict.Ended { Outcome: var outcome } => await RecordAsync(request, lease, outcome, delivery),
            RemovalVerdict.Wait wait => await WaitAsync(lease, wait, broker),
            RemovalVerdict.LeaseLost => Overtaken(),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return settlement with { Calls = verdict.Calls, Origin = request.Origin };
    }

    private async Task<Settlement> RecordAsync(RemovalRequest request, Lease lease, Outcome outcome, Delivery delivery) =>
        await _recorder.RecordAsync(request, lease, outcome, delivery.MessageId, Earlier(delivery.EnqueuedAt, lease.Record.FirstSeenAt)) is { } told
            ? new Settlement.Complete { Outcome = told }
            : Overtaken();

    private async Task<Settlement> WaitAsync(Lease lease, RemovalVerdict.Wait wait, BrokerTime broker)
    {
        // The clock it was reckoned with may be set while the ledger writes.
        var until = broker.OfOurs(wait.Until);
        var isOurs = await _ledger.ReleaseAsync(lease, wait.Until, wait.MayHaveLeft, wait.Code, wait.MetOthers, CancellationToken.None);
        return isOurs ? new Settlement.Postpone(broker.ToOurs(until), wait.Why) : Overtaken();
    }

    private async Task<Settlement> RepeatAsync(Claim.Decided decided)
    {
        await _publisher.PublishAsync(decided.Stored, decided.Outcome, CancellationToken.None);
        return new Settlement.Complete { Outcome = decided.Outcome, Replayed = true };
    }

    private Task<Settlement> RejectAsync(ParsedRequest.Invalid invalid, Delivery delivery)
    {
        var outcome = new Outcome
        {
            Status = OutcomeStatus.Rejected,
            Code = "InvalidRequest",
            Sentence = invalid.Sentence,
            Excerpt = Excerpt.Of(delivery.Body.Span),
        };
        return RejectAsync(outcome, OutcomeEventWriter.Write(invalid, outcome, delivery, Now), delivery);
    }

    private Task<Settlement> RejectAsync(RemovalRequest request, Claim.Conflict conflict, Delivery delivery)
    {
        var outcome = new Outcome
        {
            Status = OutcomeStatus.Rejected,
            Code = "IdempotencyConflict",
            Sentence = $"`requestId` {request.RequestId} belongs to a request first seen {conflict.FirstSeenAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} "
                + $"that says something else: {RequestDifference.Of(conflict.Known, request)}; expected a new requestId for a new request.",
        };
        return RejectAsync(outcome, OutcomeEventWriter.Write(request, outcome, delivery, Now), delivery);
    }

    private Task<Settlement> RejectAsync(RemovalRequest request, Claim.Refused refused, Delivery delivery)
    {
        var outcome = new Outcome
        {
            Status = OutcomeStatus.Rejected,
            Code = "LedgerRefused",
            Sentence = $"{refused.Why} Without a record nothing is called, and nothing was.",
        };
        return RejectAsync(outcome, OutcomeEventWriter.Write(request, outcome, delivery, Now), delivery);
    }

    private async Task<Settlement> RejectAsync(Outcome outcome, OutcomeEvent told, Delivery delivery)
    {
        // No ledger holds this event: the message may only go once the bus has it, or has not had it for an hour.
        if (!await _publisher.TryPublishAsync(told, CancellationToken.None))
        {
            return delivery.Postponements < LongestUntold / WhileAStoreIsAway
                ? new Settlement.Postpone(Now + WhileAStoreIsAway, "The outcome bus did not take the Rejected event.")
                : GiveUpTelling(outcome, delivery);
        }

        _context.Telemetry.Decided(outcome, Now - delivery.EnqueuedAt);
        return new Settlement.DeadLetter(outcome.Code!, Excerpt.Beside(outcome.Sentence, outcome.Excerpt)) { Outcome = told };
    }

    private Settlement.DeadLetter GiveUpTelling(Outcome outcome, Delivery delivery)
    {
        Log.Untold(_context.Logger, delivery.MessageId, outcome.Code!, outcome.Sentence);
        _context.Telemetry.Untold(outcome);
        return new(outcome.Code!, Excerpt.Beside($"Nobody was told: the outcome bus did not take the Rejected event for an hour. {outcome.Sentence}", outcome.Excerpt));
    }

    private static string Crowded(RemovalRequest request, Delivery delivery) =>
        $"Account {request.Account} has half of the {delivery.Queue?.Concurrency} places of {delivery.Queue?.Name} in hand; the others are for other accounts.";

    private Settlement.Postpone Overtaken() =>
        new(Now + WhileAStoreIsAway, "Another owner has taken this request over; its outcome is theirs to tell.");

    private static RemovalVerdict.Wait TooEarly(RemovalRequest request, Lease lease, BrokerTime broker) =>
        new(broker.ToOurs(request.NotBefore!.Value), "notBefore has not come.", Code: null, lease.Record.MayHaveLeft);

    // The owner most likely ends within seconds, at the latest with its lease; its own copy should come first.
    private DateTimeOffset AfterOwner(Claim.Busy busy, RemovalRequest request, Delivery delivery, BrokerTime broker)
    {
        var patience = TimeSpan.FromSeconds(Math.Min(60, 2 << Math.Min(delivery.Postponements, 5)));
        var atTheLatest = Earlier(busy.Until + AfterACopy, Now + patience);
        return request.NotBefore is { } notBefore ? Later(atTheLatest, broker.ToOurs(notBefore) + AfterACopy) : atTheLatest;
    }

    private static DateTimeOffset DeadlineOf(RemovalRequest request, Delivery delivery) =>
        request.ExpiresAt ?? Later(delivery.EnqueuedAt, request.NotBefore ?? default) + LongestLife;

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private DateTimeOffset Now => _context.Clock.GetUtcNow();

    private static partial class Log
    {
        [LoggerMessage(201, LogLevel.Warning, "The ledger did not answer; message {MessageId} waits, and no new call is made for it.")]
        public static partial void LedgerAway(ILogger logger, string messageId, Exception error);

        [LoggerMessage(602, LogLevel.Error, "Message {MessageId} is dead-lettered untold: the outcome bus did not take its Rejected event ({Code}) for an hour. {Sentence}")]
        public static partial void Untold(ILogger logger, string messageId, string code, string sentence);
    }
}

/// <summary>What the handler looks at: the time, who has how much in hand, what others have found closed, and where it tells what it does.</summary>
internal sealed record HandlerContext(
    TimeProvider Clock, AccountShares Shares, FirstLook FirstLook, Telemetry Telemetry, ILogger<RemovalHandler> Logger);
