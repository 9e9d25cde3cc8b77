using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core.Amqp;
using Ungroup.Cli.Worker;
using Ungroup.Messages;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Cli.Sandbox.Functions;

internal sealed record SentEvent(OutcomeEvent Outcome, string MessageId, string Account, string? RequestId, int Attempts, bool IsRejection)
{
    /// <summary>False for another sender's message, which need be no event of ours.</summary>
    public static bool TryRead(SentMessage sent, [NotNullWhen(true)] out SentEvent? read)
    {
        read = null;
        try
        {
            var body = AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(sent.Encoded)).Body;
            if (!body.TryGetData(out var sections) || sections is null)
            {
                return false;
            }

            byte[] json = [.. sections.SelectMany(section => section.ToArray())];
            read = Read(sent.Id ?? "", json);
            return true;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static SentEvent Read(string id, byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement.GetProperty("data");
        var told = OutcomeFacts.Read(json);
        return new(
            new(id, $"{document.RootElement.GetProperty("type")}", $"{document.RootElement.GetProperty("subject")}", json),
            told.MessageId, $"{data.GetProperty("account")}", told.RequestId, data.GetProperty("attempts").GetInt32(), told.Status == "Rejected");
    }
}
