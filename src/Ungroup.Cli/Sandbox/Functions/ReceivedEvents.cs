using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Ungroup.Cli.Worker;
using Ungroup.Outcomes;
using Ungroup.Requests;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>The outcome events received so far, and which of them is about a message.</summary>
internal sealed class ReceivedEvents
{
    private static readonly RequestReader Reader = new(KnownAccounts.Unchecked);

    private readonly Dictionary<string, ReceivedEvent> _byMessage = [];
    private readonly Dictionary<(string Account, string RequestId), ReceivedEvent> _byKey = [];

    public void Add(ReceivedEvent received)
    {
        _byMessage[received.MessageId] = received;
        if (received is { IsRejection: false, RequestId: { } requestId })
        {
            _byKey[(received.Account, requestId)] = received;
        }
    }

    /// <summary>The event that names the message; otherwise the one of its request, which another message had brought before.</summary>
    public bool TryFind(Delivery delivery, [NotNullWhen(true)] out ReceivedEvent? found) =>
        _byMessage.TryGetValue(delivery.MessageId, out found)
        || (Reader.Read(delivery) is ParsedRequest.Accepted { Request: var request }
            && _byKey.TryGetValue((request.Account, request.RequestId), out found));
}

/// <summary>An outcome event as a subscriber gets it.</summary>
internal sealed record ReceivedEvent(OutcomeEvent Outcome, string MessageId, string Account, string? RequestId, int Attempts, bool IsRejection)
{
    public static ReceivedEvent Of(Delivery delivery)
    {
        using var document = JsonDocument.Parse(delivery.Body);
        var data = document.RootElement.GetProperty("data");
        var told = ToldOutcome.Of(delivery.Body);
        return new(
            new(delivery.MessageId, $"{document.RootElement.GetProperty("type")}", $"{document.RootElement.GetProperty("subject")}", delivery.Body),
            told.MessageId, $"{data.GetProperty("account")}", told.RequestId, data.GetProperty("attempts").GetInt32(), told.Status == "Rejected");
    }
}
