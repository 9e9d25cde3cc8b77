using System.Text.Json;
using Ungroup.Json;

namespace Ungroup.Messages;

/// <summary>An outcome event in short, to sort, filter, log and show.</summary>
/// <param name="Status">The name of an <see cref="OutcomeStatus"/>.</param>
/// <param name="Code">See <see cref="Outcome.Code"/>.</param>
/// <param name="Sentence">See <see cref="Outcome.Sentence"/>.</param>
/// <param name="ConfirmedByReadBack">See <see cref="Outcome.ConfirmedByReadBack"/>.</param>
/// <param name="MessageId">The id the sender gave the message, at most 128 characters.</param>
/// <param name="RequestId">The key of the request; null where a message that could not be read gave none.</param>
/// <param name="Account">The account the request named, or <c>default</c>.</param>
/// <param name="Origin">On whose behalf; null where the message could not be read.</param>
/// <param name="JobId">The job that it is about, or that made the request; null where there is none.</param>
internal sealed record OutcomeFacts(
    string Status, string? Code, string Sentence, bool ConfirmedByReadBack, string MessageId, string? RequestId, string? Account, string? Origin, string? JobId = null)
{
    /// <summary>See <see cref="Outcome.AlreadyContained"/>.</summary>
    public bool AlreadyContained { get; init; }

    internal static OutcomeFacts Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var data = document.RootElement.GetProperty("data");
        return new(
            data.Text("status") ?? "", data.Text("code"), data.Text("sentence") ?? "", data.IsTrue("confirmedByReadBack"),
            data.Text("messageId") ?? "", data.Text("requestId"), data.Text("account"), data.Find("request")?.Text("origin") ?? data.Text("origin"), data.Text("jobId"))
        {
            AlreadyContained = data.IsTrue("alreadyContained"),
        };
    }
}
