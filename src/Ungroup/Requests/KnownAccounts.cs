using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Requests;

/// <summary>The accounts a request may name, and the region a request for an instance gets when it names none.</summary>
public sealed class KnownAccounts(IReadOnlyDictionary<string, string?> defaultRegions)
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

    internal bool TryGetDefaultRegion(string account, [NotNullWhen(true)] out string? region)
    {
        region = _defaultRegions is null ? "the-account-decides" : _defaultRegions.GetValueOrDefault(account);
        return !string.IsNullOrEmpty(region);
    }
}
