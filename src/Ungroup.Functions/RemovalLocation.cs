using Ungroup.Requests;

namespace Ungroup.Functions;

internal static class RemovalLocation
{
    public const string Route = "removals";

    public static string Of(RemovalRequest request)
    {
        var query = request.Account == KnownAccounts.DefaultName ? "" : $"?account={Uri.EscapeDataString(request.Account)}";
        return $"/api/{Route}/{Uri.EscapeDataString(request.RequestId)}{query}";
    }

    /// <summary>A key's slash may come as itself or escaped, and a server leaves an escaped one as it is.</summary>
    public static string? RequestIdIn(string? path) => path is null ? null : Uri.UnescapeDataString(path);
}
