using Ungroup.Benchmarks.Pace.Quotas;

namespace Ungroup.Benchmarks.Pace;

/// <summary>A way of pacing that takes part: how it sets up the pacers of a fleet, one per instance.</summary>
internal sealed class Contender
{
    private readonly Func<Briefing, QuotaPlan, IReadOnlyList<IPacer>> _hire;

    /// <summary>One that is told nothing of the quota.</summary>
    public Contender(string name, Func<Briefing, IReadOnlyList<IPacer>> hire)
        : this(name, (briefing, _) => hire(briefing))
    {
    }

    private Contender(string name, Func<Briefing, QuotaPlan, IReadOnlyList<IPacer>> hire)
    {
        Name = name;
        _hire = hire;
    }

    public string Name { get; }

    /// <summary>The share of the quota that it leaves to others on purpose. Default: 0.</summary>
    public double Reserve { get; init; }

    /// <summary>Whether the bars are for this one; the others are its peers. Default: false.</summary>
    public bool Ours { get; init; }

    /// <summary>One that is told the true quota, and each of its steps when it comes.</summary>
    public static Contender Told(string name, Func<Briefing, QuotaPlan, IReadOnlyList<IPacer>> hire) => new(name, hire);

    public IReadOnlyList<IPacer> Hire(Briefing briefing, QuotaPlan plan) => _hire(briefing, plan);
}

/// <summary>The knowledge that every contender may have, and where its chance comes from.</summary>
/// <param name="Instances">How many pacers to set up.</param>
/// <param name="Start">When the run begins: anywhere within a minute.</param>
/// <param name="Chance">Its own, seeded.</param>
internal sealed record Briefing(int Instances, DateTimeOffset Start, Random Chance)
{
    /// <summary>How many messages an instance can hold, and calls it can have under way.</summary>
    public const int Concurrency = 16;

    /// <summary>How long a message is locked once received.</summary>
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(1);
}
