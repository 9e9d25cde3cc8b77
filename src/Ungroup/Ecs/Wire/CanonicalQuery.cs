namespace Ungroup.Ecs.Wire;

/// <summary>Parameters as they are signed and sent: in ordinal order, and encoded exactly as Uri.EscapeDataString does.</summary>
internal static class CanonicalQuery
{
    public static string Of(IEnumerable<KeyValuePair<string, string>> parameters) => string.Join('&', parameters
        .OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
        .Select(parameter => $"{Uri.EscapeDataString(parameter.Key)}={Uri.EscapeDataString(parameter.Value)}"));
}
