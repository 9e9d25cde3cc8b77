using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Quotas;

/// <summary>Reads one line of the world's `quotas`.</summary>
internal sealed class QuotaReader(
    IReadOnlyCollection<string> actions, IReadOnlyCollection<string> accounts, IReadOnlyCollection<string> regions)
{
    // So that a world that was left alone for a night catches up within seconds.
    private const int MostOthersPerSecond = 10_000;

    public static readonly IReadOnlyDictionary<string, HintForm> HintForms = new Dictionary<string, HintForm>
    {
        ["true"] = HintForm.RetryAfter,
        ["false"] = HintForm.None,
        ["ratelimit"] = HintForm.RateLimit,
        ["wrong"] = HintForm.Wrong,
        ["garbage"] = HintForm.Garbage,
        ["zero"] = HintForm.Zero,
        ["negative"] = HintForm.Negative,
        ["too-long"] = HintForm.TooLong,
        ["too-short"] = HintForm.TooShort,
    };

    public Quota Read(ObjectAt json)
    {
        var action = json.OneOf("action", actions);
        json.What = $"the quota of {action}";
        var quota = new Quota(action, json.Number("calls", least: 0), json.Number("perSeconds", least: 1))
        {
            Account = json.OptionalText("account") is null ? null : json.OneOf("account", accounts),
            RegionId = json.OptionalText("regionId") is null ? null : json.OneOf("regionId", regions),
            Burst = json.OptionalNumber("burst", least: 1),
            Hints = HintForms[json.FlagOrOneOf("hints", [.. HintForms.Keys], otherwise: true)],
            RefusedCallsCount = json.Flag("refusedCallsCount", otherwise: false),
        };
        quota = quota with { Offset = OffsetOf(json, quota), Steps = [.. StepsOf(json, quota)] };
        quota = quota with { Others = OthersOf(json, quota) };
        json.Done();
        return quota;
    }

    private static TimeSpan OffsetOf(ObjectAt json, Quota quota)
    {
        if (json.OptionalSeconds("offsetSeconds") is not { } seconds)
        {
            return TimeSpan.Zero;
        }

        return quota.Burst is not null ? throw json.Refuse(
                $"{json.What} has `burst` and `offsetSeconds`; a bucket has no windows that could begin later.", "offsetSeconds")
            : seconds >= quota.PerSeconds ? throw json.Refuse(
                $"`offsetSeconds` of {json.What} was `{seconds}`; expected less than `perSeconds`, {quota.PerSeconds}.", "offsetSeconds")
            : Exactly(seconds);
    }

    // FromSeconds cuts off a tick of 2.01.
    private static TimeSpan Exactly(double seconds) => TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    private static IEnumerable<QuotaStep> StepsOf(ObjectAt json, Quota quota)
    {
        var before = TimeSpan.Zero;
        foreach (var step in json.Objects("steps", $"a step of {json.What}"))
        {
            var after = Exactly(step.Seconds("afterSeconds"));
            if (after <= before)
            {
                throw step.Refuse($"`afterSeconds` of {step.What} was `{after.TotalSeconds}`; expected more than {before.TotalSeconds}.", "afterSeconds");
            }

            var (calls, burst) = (step.Number("calls", least: 0), step.OptionalNumber("burst", least: 1));
            if (burst is not null && quota.Burst is null)
            {
                throw step.Refuse($"{step.What} has `burst`, but the quota has none and so is no bucket.", "burst");
            }

            step.Done();
            before = after;
            yield return new QuotaStep(after, calls, burst);
        }
    }

    private static Others? OthersOf(ObjectAt json, Quota quota)
    {
        if (json.OptionalObject("others") is not { } others)
        {
            return null;
        }

        var share = others.Share("share");
        var most = quota.Steps.Select(step => step.Calls).Append(quota.Calls).Max() * share / quota.PerSeconds;
        if (most > MostOthersPerSecond)
        {
            throw others.Refuse($"`share` of {others.What} makes {most:0} calls a second; expected {MostOthersPerSecond} at most.", "share");
        }

        var result = new Others(share, others.OptionalNumber("seed", least: 0) ?? 1);
        others.Done();
        return result;
    }
}
