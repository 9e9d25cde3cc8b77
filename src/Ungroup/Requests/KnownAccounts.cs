using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Requests;

/// <summary>The accounts a request may name, the regions it may name with each, and the one a request for an instance gets when it names none.</summary>
/// <param name="defaultRegions">By account; null where it has none.</param>
/// <param name="regions">By account: the regions it has beside those that are built in.</param>
/// <param name="isolationGroups">By account: its isolation groups, so that a contain need not name one.</param>
internal sealed class KnownAccounts(
    IReadOnlyDictionary<string, string?> defaultRegions, IReadOnlyDictionary<string, IReadOnlyList<string>>? regions = null,
    IReadOnlyDictionary<string, IReadOnlyList<string>>? isolationGroups = null)
{
    public const string DefaultName = "default";

    private readonly IReadOnlyDictionary<string, string?>? _defaultRegions = defaultRegions;

    private KnownAccounts()
        : this(null!)
    {
    }

    /// <summary>For a sender, who cannot know what the worker has configured: every account exists and has a default region.</summary>
    public static KnownAccounts Unchecked { get; } = new();

    internal IEnumerable<string> Names => _defaultRegions?.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>();

    internal int Count => _defaultRegions?.Count ?? 0;

    internal bool Contains(string account) => _defaultRegions?.ContainsKey(account) ?? true;

    internal RequestProblem NotConfigured(string account) =>
        new("account", $"`account` was {Shown.Quoted(account)}, which is not configured; expected one of: {string.Join(", ", Names)} (Accounts:<name>).");

    internal bool HasRegion(string account, string region) => Regions.IsBuiltIn(region) || OwnRegions(account).Contains(region);

    /// <summary>A sender cannot know, and leaves it to the worker to say so.</summary>
    internal bool HasIsolationGroups(string account) => _defaultRegions is null || IsolationGroups(account).Count > 0;

    internal bool IsIsolationGroup(string account, string group) => IsolationGroups(account).Contains(group, StringComparer.OrdinalIgnoreCase);

    internal IReadOnlyList<string> IsolationGroups(string account) => isolationGroups?.GetValueOrDefault(account) ?? [];

    /// <summary>The region that may have been meant.</summary>
    internal string NearestRegion(string account, string text) => Regions.Nearest(text, OwnRegions(account));

    private IReadOnlyList<string> OwnRegions(string account) => regions?.GetValueOrDefault(account) ?? [];

    internal bool TryGetDefaultRegion(string account, [NotNullWhen(true)] out string? region)
    {
        region = _defaultRegions is null ? "the-account-decides" : _defaultRegions.GetValueOrDefault(account);
        return !string.IsNullOrEmpty(region);
    }
}
