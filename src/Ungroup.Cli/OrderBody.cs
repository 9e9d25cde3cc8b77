using System.Text;
using System.Text.Json.Nodes;

namespace Ungroup.Cli;

/// <summary>The JSON that a command line comes to.</summary>
internal static class OrderBody
{
    /// <summary>An object with those members that have a value.</summary>
    public static byte[] Of(params IEnumerable<(string Member, JsonNode? Value)> members) => Encoding.UTF8.GetBytes(
        new JsonObject(members.Where(member => member.Value is not null).Select(member => KeyValuePair.Create(member.Member, member.Value))).ToJsonString());
}
