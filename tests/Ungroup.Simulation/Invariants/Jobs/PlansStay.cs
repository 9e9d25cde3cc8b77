using Ungroup.Jobs;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

internal sealed class PlansStay : IInvariant
{
    public string Sentence => "The plan of a job, or its hash, has become another since it was durable.";

    public Line? FirstBreak(IReadOnlyList<Line> lines) => JobStories.FirstOf(lines, (jobs, line) =>
        line.What is Happening.JobWrote { After: var after, Plan: var plan } && jobs[after.Request.Key] is { Head.Plan.Hash: var hash, Plan: { } before }
        && (after.Plan?.Hash != hash || plan is null || !plan.Select(Text).SequenceEqual(before.Select(Text))));

    private static string Text(PlanItem item) => $"{item.Resource} {item.Region} {string.Join(',', item.Groups ?? ["?"])}";
}
