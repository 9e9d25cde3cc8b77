using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure.Core.Amqp;
using Ungroup.Cli.Sandbox.Lines;
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
            if (JsonIn(sent) is not { } json)
            {
                return false;
            }

            read = Read(sent.Id ?? "", json);
            return true;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    /// <summary>The event of a job, with what it says; null for every other message.</summary>
    public static (JobNews News, OutcomeEvent Event)? OfJob(SentMessage sent)
    {
        try
        {
            return JsonIn(sent) is { } json && JobNews.Read(json) is { } news ? (news, new(sent.Id ?? "", "", $"job:{news.Job.JobId}", json)) : null;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static byte[]? JsonIn(SentMessage sent) =>
        AmqpAnnotatedMessage.FromBytes(BinaryData.FromBytes(sent.Encoded)).Body.TryGetData(out var sections) && sections is not null
            ? [.. sections.SelectMany(section => section.ToArray())]
            : null;

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
