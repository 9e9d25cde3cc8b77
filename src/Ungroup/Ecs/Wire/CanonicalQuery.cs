using System.Runtime.CompilerServices;

namespace Ungroup.Ecs.Wire;

/// <summary>Parameters as they are signed and sent: in ordinal order, and encoded exactly as Uri.EscapeDataString does.</summary>
internal static class CanonicalQuery
{
    private static readonly Comparison<KeyValuePair<string, string>> ByName = static (one, other) => string.CompareOrdinal(one.Key, other.Key);

    public static string Of(IEnumerable<KeyValuePair<string, string>> parameters) => Of(parameters.ToArray());

    public static string Of(KeyValuePair<string, string>[] parameters)
    {
        Array.Sort(parameters, ByName);
        var query = new DefaultInterpolatedStringHandler(0, 0, provider: null, stackalloc char[512]);
        foreach (var (name, value) in parameters)
        {
            query.AppendLiteral(name == parameters[0].Key ? "" : "&");
            query.AppendLiteral(Uri.EscapeDataString(name));
            query.AppendLiteral("=");
            query.AppendLiteral(Uri.EscapeDataString(value));
        }

        return query.ToStringAndClear();
    }
}
