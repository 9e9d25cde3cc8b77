using System.Text.Json;
using Ungroup.Json;
using Ungroup.Messages;

namespace Ungroup.Jobs.Driving;

/// <summary>The message that a job is driven by. It carries the name of the job alone: all else is in the ledger.</summary>
internal static class DriverMessage
{
    /// <summary>The id of the first; every other id has something behind it.</summary>
    public static string IdOf(JobKey key, string more = "") => MessageIds.Fitting($"job:{key.Account}:{key.JobId}{more}");

    public static OutgoingRequest Of(JobKey key, string messageId)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("jobId", key.JobId);
            json.WriteString("account", key.Account);
            json.WriteEndObject();
        }

        return new(messageId, stream.ToArray());
    }

    /// <summary>Null where the body is none of ours.</summary>
    public static JobKey? KeyIn(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Text("jobId") is var jobId && JobMembers.IsJobId(jobId) && document.RootElement.Text("account") is { Length: > 0 and <= 64 } account
                && !account.AsSpan().ContainsAnyExcept(Requests.Characters.OfAccountNames)
                ? new(account, jobId) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
