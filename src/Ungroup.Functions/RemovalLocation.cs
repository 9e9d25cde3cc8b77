using Ungroup.Intake;

namespace Ungroup.Functions;

internal static class RemovalLocation
{
    public const string Route = "removals";

    public static string Of(IntakeItem.Accepted item)
    {
        var query = item.IsOfDefaultAccount ? "" : $"?account={Uri.EscapeDataString(item.Account)}";
        return $"/api/{Route}/{Uri.EscapeDataString(item.MessageId)}{query}";
    }

    /// <summary>A key's slash may come as itself or escaped, and a server leaves an escaped one as it is.</summary>
    public static string? RequestIdIn(string? path) => path is null ? null : Uri.UnescapeDataString(path);
}
