using Ungroup.Sandbox.Ecs.Actions;
using Ungroup.Sandbox.Ecs.Changes;
using Ungroup.Sandbox.Ecs.Denials;
using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Keeping;
using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Ecs.Sts;

namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>Turns a world file into a world, or into a sentence that says which line is wrong and what was expected there.</summary>
internal sealed class WorldReader
{
    private readonly HashSet<string> _ids = [];

    // A world that was kept goes on where the file still says the same in these.
    private static readonly string[] Kept = ["regions", "faults", "changes"];

    public static World Read(string json, string file) => new WorldReader().Read(RootOf(json, file), kept: null);

    /// <summary>The world of that file as it was kept at the path, where it was, and kept there from now on.</summary>
    public static World Read(string json, string file, string keepAt)
    {
        var root = RootOf(json, file);
        var found = KeptWorld.Find(keepAt);
        var kept = found?.SaysTheSame(root, "regions") == true ? found : null;
        var world = new WorldReader().Read(root, kept);
        var fingerprints = Kept.ToDictionary(name => name, root.Fingerprint);
        world.Keeper = new WorldKeeper(keepAt, fingerprints, world.Faults.Countdowns.Count, world.Changes.Entries.Count);
        world.Past = kept is not null ? WorldPast.Continues : found is not null ? WorldPast.StartsOver : WorldPast.None;
        if (kept is not null)
        {
            Resume(world, kept, root);
        }

        return world;
    }

    private static ObjectAt RootOf(string json, string file) => new(JsonAt.Parse(json, file), "the world", file);

    private static void Resume(World world, KeptWorld kept, ObjectAt root)
    {
        foreach (var (name, countdowns) in (ReadOnlySpan<(string, IEnumerable<Countdown>)>)
        [
            ("faults", world.Faults.Countdowns), ("changes", world.Changes.Entries.Select(entry => entry.Countdown)),
        ])
        {
            foreach (var (countdown, from) in kept.SaysTheSame(root, name) ? countdowns.Zip(kept.Countdowns(name)) : [])
            {
                countdown.Resume(from);
            }
        }

        world.Resume(kept);
    }

    private World Read(ObjectAt root, KeptWorld? kept)
    {
        var accounts = root.Objects("accounts", "an account").Select(AccountOf).ToList();
        if (accounts.Count == 0)
        {
            throw root.Refuse("the world needs at least one account in `accounts`.", "accounts");
        }

        var regions = ReadRegions(kept?.Root ?? root, accounts);
        string[] accountNames = [.. accounts.Select(account => account.Name)];
        string[] regionIds = [.. regions.Select(region => region.Place.RegionId)];
        var quotas = root.Objects("quotas", "a quota").Select(new QuotaReader(ActionTable.Names, accountNames, regionIds).Read).ToList();
        var trust = new TrustReader(root, accounts, Claim).Read();
        var faults = root.Objects("faults", "a fault")
            .Select(fault => FaultReader.Read(fault, id => _ids.Contains(id) || trust.Knows(id)))
            .ToList();
        var denials = root.Objects("denials", "a denial").Select(json => DenialOf(json, accounts, regions)).ToList();
        var limits = Limits.Read(root);
        var world = new World(accounts, regions, quotas, faults, trust, denials, limits);
        foreach (var change in root.Objects("changes", "a change"))
        {
            var (read, trigger) = new ChangeReader(world, mayBeMade: kept is not null).Read(change);
            world.Changes.Add(read, trigger ?? throw change.Refuse($"{change.What} needs `afterSeconds` or `action`: when it is made."));
        }

        root.Done();
        return world;
    }

    private static Denial DenialOf(ObjectAt json, List<Account> accounts, List<Region> regions)
    {
        var denial = DenialReader.Read(json, accounts, regions);
        json.Done();
        return denial;
    }

    private Account AccountOf(ObjectAt json)
    {
        var account = new Account(
            json.Text("name"),
            json.Text("accountId"),
            json.Text("accessKeyId"),
            json.Text("accessKeySecret"),
            json.OptionalText("securityToken"));
        json.What = $"account {account.Name}";
        Claim(json, $"account {account.Name}", "name");
        Claim(json, $"access key {account.AccessKeyId}", "accessKeyId");
        json.Done();
        return account;
    }

    private List<Region> ReadRegions(ObjectAt root, List<Account> accounts)
    {
        var regions = new List<Region>();
        foreach (var json in root.Objects("regions", "a region"))
        {
            var place = new Place(json.Text("regionId"), OwnerOf(json, accounts, accounts[0]));
            json.What = $"region {place.RegionId}";
            Claim(json, $"region {place.RegionId} of account {place.Account.Name}", "regionId");
            var scope = new RegionScope(place, at => OwnerOf(at, accounts, place.Account), Claim);
            regions.Add(new RegionReader(scope).Read(json, place));
        }

        return regions;
    }

    internal static Account OwnerOf(ObjectAt json, IReadOnlyList<Account> accounts, Account otherwise)
    {
        var name = json.OneOf("account", [.. accounts.Select(account => account.Name)], otherwise.Name);
        return accounts.First(account => account.Name == name);
    }

    private void Claim(ObjectAt json, string id, string member)
    {
        if (!_ids.Add(id))
        {
            throw json.Refuse($"{id} is in this world twice.", member);
        }
    }
}
