using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Ecs.Changes;
using Ungroup.Sandbox.Ecs.Denials;
using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Keeping;
using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Ecs.Sts;
using Ungroup.Sandbox.Ecs.Worlds;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs;

/// <summary>
/// Accounts, regions, groups, instances and interfaces, as a world file describes them and as calls then change them. One file, because it is
/// all that tests and the sandbox's host see of a world.
/// </summary>
public sealed class World
{
    private const string SampleName = "sample-world.json";

    private readonly IReadOnlyList<Quota> _quotas;
    private volatile Inventory _inventory;
    private DateTimeOffset? _firstStart;
    private readonly ConcurrentDictionary<string, int> _places = [];
    private long _version;
    private (string Json, string Name) _source;
    private TimeProvider _clock = TimeProvider.System;

    internal World(
        IReadOnlyList<Account> accounts, IReadOnlyList<Region> regions, IReadOnlyList<Quota> quotas, IReadOnlyList<Fault> faults, Trust trust,
        IReadOnlyList<Denial> denials, Limits limits)
    {
        (Accounts, Regions, Trust, _quotas, Limits) = (accounts, regions, trust, quotas, limits);
        Denials = new(denials);
        Reindex();
        foreach (var fault in faults)
        {
            Faults.Add(fault);
        }

        Start(_clock);
    }

    /// <summary>A small world for a first look: one of each interesting answer. A new one each time, for calls change it.</summary>
    public static World Sample
    {
        get
        {
            using var stream = typeof(World).Assembly.GetManifestResourceStream(SampleName)!;
            using var reader = new StreamReader(stream);
            return Parse(reader.ReadToEnd(), SampleName);
        }
    }

    public IReadOnlyList<Account> Accounts { get; }

    /// <summary>Whether the file it is kept in was gone on from.</summary>
    public WorldPast Past { get; internal set; }

    public IReadOnlyList<QuotaUse> QuotaUse => Quotas.Snapshot(_clock.GetUtcNow());

    /// <summary>For each account that an identity of this world can use without a key: how.</summary>
    public IReadOnlyList<KeylessAccount> Keyless => Trust.KeylessAccounts();

    /// <summary>Every membership that has changed, the latest ones: by calls and by others.</summary>
    public IReadOnlyList<LoggedMembership> MembershipChanges
    {
        get
        {
            CatchUp(_clock.GetUtcNow());
            return Memberships.Snapshot();
        }
    }

    public IReadOnlyList<string> RegionIds => [.. Regions.Select(region => region.Place.RegionId).Distinct()];

    internal Trust Trust { get; }

    internal Limits Limits { get; }

    internal IReadOnlyList<Region> Regions { get; }

    internal QuotaBook Quotas { get; private set; }

    internal FaultBook Faults { get; } = new();

    internal DenialBook Denials { get; }

    internal ChangeBook Changes { get; } = new();

    internal int ChangesToCome
    {
        get
        {
            lock (Gate)
            {
                return Changes.Entries.Count(entry => entry.Countdown.Left > 0);
            }
        }
    }

    internal MembershipLog Memberships { get; } = new();

    internal LeaveBook Leaves { get; } = new();

    internal Inventory Inventory => _inventory;

    internal DateTimeOffset StartedAt { get; private set; }

    /// <summary>Null where the world ends with the process.</summary>
    internal WorldKeeper? Keeper { get; set; }

    /// <summary>Counts whatever changes the world or uses up a fault.</summary>
    internal long Version => Volatile.Read(ref _version);

    /// <summary>Held for the length of one action, so that a change and what it was decided on are one.</summary>
    internal Lock Gate { get; } = new();

    /// <exception cref="WorldFileException">The file says something that cannot be.</exception>
    public static World Load(string path) => Parse(File.ReadAllText(path), Path.GetFileName(path));

    /// <exception cref="WorldFileException">The text says something that cannot be.</exception>
    public static World Parse(string json, string nameForMessages)
    {
        var world = WorldReader.Read(json, nameForMessages);
        world._source = (json, nameForMessages);
        return world;
    }

    /// <summary>
    /// The same world, as calls and others have left it in earlier runs that kept it at this path, and kept there from now on: each change before
    /// its caller hears of it. Where the file says something else about regions than it did then, it begins as the file says.
    /// </summary>
    /// <exception cref="WorldFileException">The world that is kept there says something that cannot be.</exception>
    public World KeptAt(string path) => WorldReader.Read(_source.Json, _source.Name, path);

    /// <summary>One more fault, written as in the world file: `{ "kind": "conflict", "on": "i-…" }`.</summary>
    /// <exception cref="WorldFileException">The text says something that cannot be.</exception>
    public void AddFault(string json) =>
        Faults.Add(FaultReader.Read(new ObjectAt(JsonAt.Parse(json, "fault"), "the fault", "fault"), id => Knows(id) || Trust.Knows(id)));

    /// <summary>One more denial, written as in the world file: `{ "securityGroupId": "sg-…" }`; with `"lifted": true` it is over.</summary>
    /// <exception cref="WorldFileException">The text says something that cannot be.</exception>
    public void SetDenial(string json)
    {
        var denial = new ObjectAt(JsonAt.Parse(json, "denial"), "the denial", "denial");
        var (read, lifted) = (DenialReader.Read(denial, Accounts, Regions), denial.Flag("lifted", otherwise: false));
        denial.Done();
        Denials.Set(read, lifted);
    }

    /// <summary>
    /// A change by somebody else, written as in the world file: at once, or when it says, counted from now. Answers why it cannot be done; null when it
    /// is done or is still to come.
    /// </summary>
    /// <exception cref="WorldFileException">The text says something that cannot be.</exception>
    public string? Change(string json)
    {
        lock (Gate)
        {
            var now = _clock.GetUtcNow();
            CatchUp(now);
            var (change, trigger) = new ChangeReader(this).Read(new ObjectAt(JsonAt.Parse(json, "change"), "the change", "change"));
            Touch();
            if (trigger is null)
            {
                return change.Make(this, now);
            }

            Changes.Add(change, trigger is Trigger.AtTime at ? new Trigger.AtTime(now - StartedAt + at.AfterStart) : trigger);
            return null;
        }
    }

    /// <summary>Takes a role away, and what was issued for it with it, or gives it back. False when there is none of that name.</summary>
    public bool TrySetRevoked(string role, bool revoked)
    {
        var found = Trust.Roles.Where(candidate => candidate.Name == role || candidate.Arn == role).ToList();
        found.ForEach(candidate => candidate.IsRevoked = revoked);
        return found.Count > 0;
    }

    /// <summary>The groups an instance or an interface is in now, whatever stale reads show.</summary>
    public IReadOnlyList<string> GroupsOf(string resourceId)
    {
        lock (Gate)
        {
            CatchUp(_clock.GetUtcNow());
            return [.. InterfaceOf(resourceId).Membership.Groups.Select(group => group.Id)];
        }
    }

    /// <summary>The fewest groups that an instance or an interface has ever been in at once.</summary>
    public int ShortestMembership(string resourceId)
    {
        lock (Gate)
        {
            CatchUp(_clock.GetUtcNow());
            return InterfaceOf(resourceId).Membership.Shortest;
        }
    }

    public string StatusOf(string resourceId) =>
        (_inventory.Instances.TryGetValue(resourceId, out var instance) ? instance.Lifecycle : InterfaceOf(resourceId).Lifecycle)
        .At(_clock.GetUtcNow() - StartedAt);

    /// <summary>How often LeaveSecurityGroup has taken this resource, by the id it was called by, out of this group.</summary>
    public long EffectiveLeaves(string resourceId, string securityGroupId)
    {
        lock (Gate)
        {
            return Leaves.Of(resourceId, securityGroupId);
        }
    }

    [MemberNotNull(nameof(Quotas))]
    internal void Start(TimeProvider time)
    {
        var now = time.GetUtcNow();
        (_clock, StartedAt) = (time, _firstStart ?? now);
        Quotas = new QuotaBook(_quotas, now);
    }

    internal bool Knows(string id) => _inventory.Knows(id);

    internal bool HasRegion(string regionId) => Regions.Any(region => region.Place.RegionId == regionId);

    /// <summary>Whether that is another membership than before. Made while the world is held.</summary>
    internal bool SetGroups(NetworkInterface eni, IReadOnlyList<SecurityGroup> after, DateTimeOffset now, string by)
    {
        if (eni.Membership.Groups.SequenceEqual(after))
        {
            return false;
        }

        Memberships.Add(new(0, now, eni.Subject, by, [.. eni.Membership.Groups.Select(group => group.Id)], [.. after.Select(group => group.Id)]));
        eni.Membership.Replace(after, now, Limits.ReadLag);
        Touch();
        return true;
    }

    internal void Touch() => Interlocked.Increment(ref _version);

    /// <summary>Where the world is kept, returns once it is.</summary>
    internal Task SaveAsync() => Keeper?.SaveAsync(this) ?? Task.CompletedTask;

    internal void Resume(KeptWorld kept)
    {
        _firstStart = kept.StartedAt;
        foreach (var eni in Inventory.Interfaces.Values)
        {
            eni.Membership.Shortest = Math.Min(eni.Membership.Shortest, kept.Shortest.GetValueOrDefault(eni.Id, int.MaxValue));
        }

        Leaves.Resume(kept.Leaves);
        Start(_clock);
    }

    /// <summary>After something has come or gone.</summary>
    [MemberNotNull(nameof(_inventory))]
    internal void Reindex()
    {
        _inventory = new Inventory(Regions);
        var next = _places.Count;
        foreach (var id in _inventory.Ids)
        {
            next += _places.TryAdd(id, next) ? 1 : 0;
        }
    }

    /// <summary>Where lists have it: the same for as long as the world runs.</summary>
    internal int PlaceOf(string id) => _places[id];

    /// <summary>Makes what is due by then, be it a change by others or a call that is carried out late.</summary>
    internal void CatchUp(DateTimeOffset now)
    {
        lock (Gate)
        {
            Changes.MakeDue(this, now);
        }
    }

    private NetworkInterface InterfaceOf(string resourceId) =>
        _inventory.InterfaceOf(resourceId)
        ?? throw new ArgumentException($"{resourceId} is not an instance or an interface of this world.", nameof(resourceId));
}
