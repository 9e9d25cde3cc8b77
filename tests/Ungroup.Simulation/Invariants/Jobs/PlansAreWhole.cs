using Ungroup.Jobs;
using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Invariants.Containment;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Invariants.Jobs;

/// <summary>
/// All that was listed is planned, and nothing else. Of what is selected, everything that fitted all of the time is planned, and nothing
/// that fitted at no time; where at most so many are taken, they are the first by their ids. A job that was made from another is about all that
/// the first left undone, or has changed.
/// </summary>
internal sealed class PlansAreWhole : IInvariant
{
    public string Sentence => "A plan lacks a resource that it should have, or has one that it should not.";

    public Line? FirstBreak(IReadOnlyList<Line> lines)
    {
        var groups = new GroupHistory(lines);
        var tagged = lines.Select(line => line.What).OfType<Happening.Tagged>().ToDictionary(one => one.Resource);
        var asked = lines.Select(line => line.What).OfType<Happening.JobAsked>().DistinctBy(one => JobHashes.Of(one.Job)).ToDictionary(one => JobHashes.Of(one.Job), one => one.Job);
        return JobStories.FirstOf(lines, (jobs, line) => line.What is Happening.JobWrote { After: var after, Plan: { } plan } && jobs[after.Request.Key] is { Plan: null } story
            && !IsWhole(jobs, after, [.. plan.Select(item => item.Resource)], story.PlanningSince - EcsReads.LongestStaleness, line.At));

        bool IsWhole(JobStories jobs, JobHead head, List<string> plan, DateTimeOffset from, DateTimeOffset to)
        {
            var job = head.Request;
            if (new MadeJobs(jobs, written => asked[written.RequestHash].Resources).ResourcesOf(head) is { } listed)
            {
                return plan.SequenceEqual(listed);
            }

            var select = job.Select!;

            var fitting = tagged.Values.Where(one => one.Region == job.RegionId && Fits(select, one)).Select(one => one.Resource).Order(StringComparer.Ordinal).ToList();
            var ever = fitting.Where(resource => groups.WasEver(resource, from, to, IsIn)).ToList();
            var always = fitting.Where(resource => !groups.WasEver(resource, from, to, now => !IsIn(now))).ToList();
            return plan.Order(StringComparer.Ordinal).SequenceEqual(plan) && plan.All(ever.Contains) && plan.Count <= (job.Most ?? int.MaxValue)
                && always.Where(resource => plan.Count < (job.Most ?? int.MaxValue) || (plan.Count > 0 && string.CompareOrdinal(resource, plan[^1]) < 0)).All(plan.Contains);

            bool IsIn(IReadOnlyList<string> now) => now.Contains(select.MemberOf.Value);
        }

        bool Fits(JobSelection select, Happening.Tagged one)
        {
            var host = one.Host is null ? null : tagged[one.Host].Tags;
            return (select is { Tags: null, ExceptTags: null } || one.Tags is not null)
                && (select.Tags?.All(tag => Has(one.Tags, tag)) ?? true)
                && !(select.ExceptTags is { } except && ((one.Host is not null && host is null) || except.Any(tag => Has(one.Tags, tag) || Has(host, tag))));
        }
    }

    private static bool Has(IReadOnlyDictionary<string, string>? tags, KeyValuePair<string, string> tag) => tags is not null && tags.TryGetValue(tag.Key, out var value) && value == tag.Value;
}
