using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Json;
using Ungroup.Messages;

namespace Ungroup.Cli.Sandbox.Lines;

/// <summary>The text of an event of a job.</summary>
/// <param name="Job">Whose it is.</param>
/// <param name="Facts">Its status: <c>Planned</c>, <c>AwaitingApproval</c> or how the job ended.</param>
/// <param name="IsEnd">Nothing follows.</param>
/// <param name="Counts"><c>total</c>, and at its end <c>notStarted</c> and the outcomes by status.</param>
internal sealed record JobNews(JobKey Job, OutcomeFacts Facts, bool IsEnd, IReadOnlyDictionary<string, int> Counts)
{
    private const string Ended = "ungroup.job.Ended.v1";

    /// <summary>Null for every other event.</summary>
    public static JobNews? Read(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        if (document.RootElement.Text("type") is not { } type || !type.StartsWith("ungroup.job.", StringComparison.Ordinal))
        {
            return null;
        }

        var facts = OutcomeFacts.Read(json);
        return new(
            new(facts.Account ?? "", facts.JobId ?? ""), facts, type == Ended,
            document.RootElement.GetProperty("data").GetProperty("counts").EnumerateObject().ToDictionary(count => count.Name, count => count.Value.GetInt32()));
    }
}
