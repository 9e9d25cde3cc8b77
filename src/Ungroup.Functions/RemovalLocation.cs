using Ungroup.Requests;

namespace Ungroup.Functions;

/// <summary>Where a request is asked for over HTTP.</summary>
internal static class RemovalLocation
{
    public const string Route = "removals";

    public static string Of(RemovalRequest request)
    {
        var query = request.Account == KnownAccounts.DefaultName ? "" : $"?account={Uri.EscapeDataString(request.Account)}";
        return $"/api/{Route}/{Uri.EscapeDataString(request.RequestId)}{query}";
    }

    /// <summary>A slash of a key may come as itself or escaped, and a server leaves an escaped one as it is.</summary>
    public static string? RequestIdIn(string? path) => path is null ? null : Uri.UnescapeDataString(path);
}
