using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Cloud.Store;

/// <summary>The rows of the store as one worker reaches them: over the same wire as its records.</summary>
internal sealed class RowsClient(SimulatedRows rows, StoreClient way, Defect defect) : IRowStore
{
    public async Task<IReadOnlyList<StoredRow>> ReadRowsAsync(string partition, string from, string before, int atMost, CancellationToken cancellationToken)
    {
        var read = await way.CallAsync(() => rows.Read(partition, from, before, atMost), cancellationToken);
        return defect is Defect.PlansGrow or Defect.CancelsAreNotSeen or Defect.FailuresAreForgotten or Defect.CountsAreForgotten or Defect.ApprovalsAreNotAsked or Defect.JobsSeemEnded or Defect.ResultsAreForgotten
            ? [.. read.Select(row => row with { Content = Broken(row, from) })]
            : read;
    }

    public Task<IReadOnlyList<string?>?> WriteRowsAsync(string partition, IReadOnlyList<RowChange> changes, CancellationToken cancellationToken) =>
        way.CallAsync(() => rows.Write(partition, changes), cancellationToken);

    private ReadOnlyMemory<byte> Broken(StoredRow row, string from)
    {
        if (defect == Defect.PlansGrow)
        {
            // A driver that holds the plan against its hash reads all of it.
            return row.Name.StartsWith("plan:", StringComparison.Ordinal) && from != "plan:" ? Moved(row) : row.Content;
        }

        if (defect == Defect.ResultsAreForgotten)
        {
            return row.Name.StartsWith("part:", StringComparison.Ordinal) ? Failed(row) : row.Content;
        }

        // Nobody who drives it reads so.
        if (defect == Defect.JobsSeemEnded && CurrentWork.Of is not { Receipt: null, Lost.CanBeCanceled: false })
        {
            return row.Content;
        }

        return row.Name != "head" || JsonSerializer.Deserialize(row.Content.Span, JobJson.Default.JobHead) is not { } head ? row.Content
            : JsonSerializer.SerializeToUtf8Bytes(
                defect switch
                {
                    Defect.CancelsAreNotSeen => head with { Cancel = null },
                    Defect.FailuresAreForgotten => head with { Counts = head.Counts with { Failures = 0 } },
                    Defect.CountsAreForgotten => head with { Counts = head.Counts with { ByStatus = new Dictionary<string, int>() } },
                    Defect.JobsSeemEnded => head with { State = JobState.Ended },
                    _ => head with { NeedsApproval = false },
                },
                JobJson.Default.JobHead);
    }

    private static byte[] Failed(StoredRow row) => JsonSerializer.SerializeToUtf8Bytes(
        [.. JsonSerializer.Deserialize(row.Content.Span, JobJson.Default.ChildResultArray)!.Select(result => result with { Status = "Failed" })],
        JobJson.Default.ChildResultArray);

    private static byte[] Moved(StoredRow row) => JsonSerializer.SerializeToUtf8Bytes(
        [.. JsonSerializer.Deserialize(row.Content.Span, JobJson.Default.PlanItemArray)!.Select(item => item with { Resource = $"{item.Resource}-else" })],
        JobJson.Default.PlanItemArray);
}
