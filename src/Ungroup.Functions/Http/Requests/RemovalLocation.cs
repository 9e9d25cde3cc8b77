using Ungroup.Intake;

namespace Ungroup.Functions.Http.Requests;

internal static class RemovalLocation
{
    public const string Route = "removals";

    public static string Of(IntakeItem.Accepted item) => Location.Of(Route, item.MessageId, item.IsOfDefaultAccount ? null : item.Account);

    /// <summary>A key's slash may come as itself or escaped, and a server leaves an escaped one as it is.</summary>
    public static string? RequestIdIn(string? path) => path is null ? null : Uri.UnescapeDataString(path);
}
