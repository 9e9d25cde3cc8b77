using System.Text;

namespace Ungroup.Ecs;

/// <summary>
/// Parameters as they are signed and as they are sent: RFC 3986, upper-case hex, in ordinal order. Uri.EscapeDataString is
/// exactly the encoding that ECS asks for.
/// </summary>
internal static class CanonicalQuery
{
    public static string Of(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var query = new StringBuilder();
        foreach (var (name, value) in parameters.OrderBy(parameter => parameter.Key, StringComparer.Ordinal))
        {
            query.Append(query.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return query.ToString();
    }
}
