namespace Ungroup.Functions.Http;

/// <summary>Addresses of what was made over HTTP.</summary>
internal static class Location
{
    /// <param name="route">Without the prefix.</param>
    /// <param name="id">The id that it is asked for by.</param>
    /// <param name="account">Null for the default one.</param>
    public static string Of(string route, string id, string? account) =>
        $"/api/{route}/{Uri.EscapeDataString(id)}{(account is null ? "" : $"?account={Uri.EscapeDataString(account)}")}";
}
