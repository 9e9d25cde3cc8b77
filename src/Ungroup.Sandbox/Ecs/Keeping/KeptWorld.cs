using System.Globalization;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Keeping;

/// <summary>
/// A world as an earlier run has left it. It is gone on from as long as the world file says the same about regions, and so are its
/// faults and its changes each.
/// </summary>
internal sealed class KeptWorld
{
    private KeptWorld(ObjectAt root)
    {
        Root = root;
        StartedAt = DateTimeOffset.TryParse(root.Text("startedAt"), CultureInfo.InvariantCulture, out var startedAt)
            ? startedAt
            : throw root.Refuse("`startedAt` is no time.", "startedAt");
        Shortest = root.Numbers("shortestMemberships");
        Leaves = root.Numbers("effectiveLeaves");
    }

    public ObjectAt Root { get; }

    public DateTimeOffset StartedAt { get; }

    public IReadOnlyDictionary<string, int> Shortest { get; }

    public IReadOnlyDictionary<string, int> Leaves { get; }

    /// <exception cref="WorldFileException">The file says something that nobody wrote there.</exception>
    public static KeptWorld? Find(string path) => !File.Exists(path) ? null
        : new KeptWorld(new ObjectAt(JsonAt.Parse(File.ReadAllText(path), path), "the kept world", path));

    public bool SaysTheSame(ObjectAt file, string name) => Root.Text($"{name}Of") == file.Fingerprint(name);

    /// <summary>How many calls each fault, or each change, lets pass and strikes from here on.</summary>
    public IReadOnlyList<(int Skip, int Left)> Countdowns(string name) =>
        [.. Root.Objects(name, "one").Select(json => (json.Number("after", least: 0), json.Number("left", least: 0)))];
}
