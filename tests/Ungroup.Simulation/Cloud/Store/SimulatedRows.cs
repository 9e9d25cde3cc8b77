using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Cloud.Store;

/// <summary>The rows of the store as its service sees them. Those of jobs are read for the history with every write.</summary>
internal sealed class SimulatedRows(History history, IRowStore rows, Defect defect)
{
    private const string Name = "store";
    private const string Head = "head";
    private const string Plan = "plan:";

    private readonly Dictionary<string, JobHead> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<PlanItem>> _plans = new(StringComparer.Ordinal);
    private bool _hasRewritten;

    /// <summary>Jobs that have not ended, or whose end is not told.</summary>
    public int Unfinished => _heads.Values.Count(head => head.State != JobState.Ended || !head.Told.HasFlag(JobEvents.Ended));

    public IEnumerable<JobHead> Heads => _heads.Values;

    public IReadOnlyList<StoredRow> Read(string partition, string from, string before, int atMost) => rows.ReadRowsAsync(partition, from, before, atMost, default).Result;

    public IReadOnlyList<string?>? Write(string partition, IReadOnlyList<RowChange> changes)
    {
        if (defect == Defect.HeadsAreOverwritten)
        {
            changes = [.. changes.Select(change => change is RowChange.Replace replace ? new RowChange.Put(replace.Name, replace.Content) : change)];
        }

        if (defect == Defect.RowsOfPlansAreLost)
        {
            changes = [.. changes.Where(change => !(change.Name.StartsWith(Plan, StringComparison.Ordinal) && change.Name != JobStore.PlanRow(0, []).Name))];
        }

        if (rows.WriteRowsAsync(partition, changes, default).Result is not { } written)
        {
            history.Count(Incident.WriteConflict);
            history.Add(Name, new Happening.Note($"refuses a write of {partition}: somebody has written since"));
            return null;
        }

        if (changes.FirstOrDefault(change => change.Name == Head)?.Becomes is { } content)
        {
            var before = _heads.GetValueOrDefault(partition);
            var after = _heads[partition] = JsonSerializer.Deserialize(content.Span, JobJson.Default.JobHead)!;
            if (after.Plan is { } plan && (!_plans.ContainsKey(partition) || Rewrites(partition, after) || changes.Any(change => change.Name.StartsWith(Plan, StringComparison.Ordinal))))
            {
                _plans[partition] = PlanIn(partition, plan);
            }

            if (after.Turn.MessageId != before?.Turn.MessageId && after.Turn.MessageId.Contains("~wake", StringComparison.Ordinal))
            {
                history.Count(Incident.JobWoken);
            }

            history.Add(Name, new Happening.JobWrote(before, after, _plans.GetValueOrDefault(partition)));
        }

        return written;
    }

    private List<PlanItem> PlanIn(string partition, JobPlan plan) =>
        [.. Read(partition, Plan, Plan + "~", plan.Rows).SelectMany(row => JsonSerializer.Deserialize(row.Content.Span, JobJson.Default.PlanItemArray)!)];

    // Once somebody has approved what it was.
    private bool Rewrites(string partition, JobHead head)
    {
        if (defect == Defect.PlansAreRewritten && !_hasRewritten && head is { Approval.IsApproved: true, Plan.Count: > 0 })
        {
            _hasRewritten = true;
            PlanItem[] items = [.. PlanIn(partition, head.Plan with { Rows = 1 }).Skip(1), new("i-somebody-elses", head.Request.RegionId, null)];
            _ = rows.WriteRowsAsync(partition, [JobStore.PlanRow(0, items)], default);
        }

        return _hasRewritten;
    }
}
