using Ungroup.Simulation.Cloud.Ecs;
using Ungroup.Simulation.Time;
using Ungroup.Simulation.Workers;

namespace Ungroup.Simulation.Plan;

/// <summary>A host that is contained and given back: an instance with one to three interfaces, and the groups that they are in.</summary>
internal sealed class HostPlan
{
    private readonly Chance _chance;
    private readonly List<string> _cards = [];
    private readonly List<string> _groups = [];

    private HostPlan(int number, Chance chance)
    {
        (_chance, Number) = (chance, number);
        Account = chance.Pick("default", "default", "beijing");
        Instance = $"i-h{number}";
        Begins = chance.Seconds(0, 120);
    }

    public int Number { get; }

    public string Account { get; }

    public string Instance { get; }

    /// <summary>The secondary interfaces that it has from the beginning.</summary>
    public IReadOnlyList<string> Cards => _cards;

    /// <summary>When it is contained first.</summary>
    public TimeSpan Begins { get; }

    public string AnyResource() => _cards.Count > 0 && _chance.Hits(0.4) ? _cards[_chance.Below(_cards.Count)] : Instance;

    public string AnyGroup() => _groups[_chance.Below(_groups.Count)];

    /// <summary>A group that nothing of the host is in from the beginning.</summary>
    public string NewGroup() => $"sg-h{Number}-new-{_chance.Below(3)}";

    public static HostPlan Build(int number, World world, Chance chance)
    {
        var host = new HostPlan(number, chance);
        world.Ecs.Resources.Add(host.Made(host.Instance, mostGroups: EcsChanges.MostGroups, refuses: "InstanceLockedForSecurity"));
        for (var cards = chance.Pick(0, 0, 1, 2); cards > 0; cards--)
        {
            var card = $"eni-h{number}-{cards}";
            host._cards.Add(card);
            world.Ecs.Resources.Add(host.Made(card, mostGroups: 3, refuses: "InvalidOperation.EniServiceManaged"));
            world.Ecs.Resources.Attach(world.Ecs.Resources[card]!, host.Instance, since: DateTimeOffset.MinValue);
        }

        return host;
    }

    /// <summary>One that is attached while the host is worked on.</summary>
    public SimulatedResource NewCard(int number) => new($"eni-h{Number}-new-{number}", Ids.RegionOf(Account), AnyGroup());

    private SimulatedResource Made(string id, int mostGroups, string refuses)
    {
        List<string> groups = [.. Enumerable.Range(1, _chance.Between(1, _chance.Hits(0.3) ? mostGroups : 2)).Select(group => $"sg-h{Number}-{group}")];
        if (groups.Count < mostGroups && _chance.Hits(0.08))
        {
            groups.Add(_chance.Hits(0.5) ? Ids.ProtectedGroup : Ids.IsolationGroupOf(Account));
        }

        if (_chance.Hits(0.03))
        {
            groups = [Ids.IsolationGroupOf(Account)];
        }

        _groups.AddRange(groups);
        return new(id, Ids.RegionOf(Account), groups)
        {
            Refuses = _chance.Hits(0.05) ? refuses : null,
            SettledAt = _chance.Hits(0.08) ? Schedule.Start + _chance.Seconds(0, 300) : default,
        };
    }
}
