using System.Text;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>
/// Names and values encoded anew after RFC 3986 and sorted by name: clients put `!'()*` on the wire partly unencoded but sign them encoded.
/// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature [V3][RUN]
/// </summary>
internal static class CanonicalQuery
{
    public static string Of(Parameters parameters, string? except = null)
    {
        var sorted = parameters.All.Where(parameter => parameter.Key != except).ToArray();
        Array.Sort(sorted, static (a, b) =>
            string.CompareOrdinal(a.Key, b.Key) is var order and not 0 ? order : string.CompareOrdinal(a.Value, b.Value));
        var text = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            text.Append(text.Length == 0 ? "" : "&").Append(Uri.EscapeDataString(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return text.ToString();
    }
}
