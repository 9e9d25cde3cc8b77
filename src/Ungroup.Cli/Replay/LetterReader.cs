using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Worker;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Replay;

/// <summary>Reads dead letters with the worker's own reader and ledger, so that nothing is sent that would come back at once.</summary>
internal sealed class LetterReader(DeadLetters letters, RequestReader reader, RemovalLedger ledger)
{
    public async Task<Letter> ReadAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        var delivery = letters.Read(message);
        return reader.Read(delivery) switch
        {
            ParsedRequest.Invalid invalid => new Letter.Hopeless(message, delivery.MessageId, invalid.Sentence),
            ParsedRequest.Accepted { Request: var request } => Judge(
                message, delivery.MessageId, request,
                await ledger.ReadAsync(new(request.Account, request.RequestId), cancellationToken)),
            ParsedRequest.Job => new Letter.Hopeless(message, delivery.MessageId, "it is a job, and not a request; send it as a message of its own, with ungroup send."),
            _ => throw new UnreachableException(),
        };
    }

    private static Letter Judge(ServiceBusReceivedMessage message, string messageId, RemovalRequest request, StoredRecord? stored)
    {
        if (stored?.Record is not { } known)
        {
            return new Letter.Fresh(message, messageId, request);
        }

        if (known.PayloadHash != PayloadHash.Of(request))
        {
            return new Letter.Hopeless(
                message, messageId, $"`requestId` {request.RequestId} belongs to a request that says something else: {RequestDifference.Of(known, request)}; expected a new requestId.");
        }

        return known.Outcome is not { } outcome ? new Letter.Fresh(message, messageId, request)
            : KnownOutcome.Of(outcome.ReadFacts()) is { IsGood: false } bad
                ? new Letter.Hopeless(message, messageId, $"its request has ended already: {bad.Text} Sent again, it would only be told again.")
            : new Letter.Done(message, messageId, request);
    }
}
