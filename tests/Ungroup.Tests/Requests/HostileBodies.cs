using System.Text;
using CsCheck;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

/// <summary>Bodies nobody should send: random, and good ones with something done to them.</summary>
internal static class HostileBodies
{
    private static readonly string[] Values =
    [
        "null", "true", "0", "-1e999", "\"\"", "\"i-1\"", "\"sg-1\"", "\"eni-1\"", "\"\\ud800\"", "\"\\u0000\"", "[]", "{}", "{\"a\":1}", "[[[[[[[[[[]]]]]]]]]]",
        "\"2026-13-01T00:00:00Z\"", "\"2026-01-01T00:00:00Z\"", "\"../../etc/passwd\"", "\"i-1&Action=DeleteInstance\"", "\"i-1\\r\\nX: y\"", "\"ｉ-1\"",
    ];

    private static readonly string[] Names =
    [
        "requestId", "securityGroupId", "instanceId", "networkInterfaceId", "regionId", "account", "origin", "requestedBy", "reason",
        "notBefore", "expiresAt", "dryRun", "dryrun", "DryRun", "dry_run", "__proto__", "specversion", "data", "data_base64", "id", "",
    ];

    private static readonly Gen<byte[]> Good = OneOf(
        Some.Body,
        """{"networkInterfaceId":"eni-1","securityGroupId":"sg-1","regionId":"cn-a","origin":"incident","dryRun":true,"reason":"隔离 🧯"}""",
        """{"specversion":"1.0","id":"e","source":"/s","type":"t","data":{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a"}}""")
        .Select(Encoding.UTF8.GetBytes);

    private static readonly Gen<byte[]> Random = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        Gen.String[0, 200].Select(Encoding.UTF8.GetBytes),
        Gen.Int[1, 20_000].Select(depth => Encoding.UTF8.GetBytes(new string('[', depth))),
        Gen.Int[1, 5_000].Select(depth => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string('}', depth))));

    private static readonly Gen<byte[]> Assembled = Gen.Select(OneOf(Names), OneOf(Values))
        .Array[0, 14]
        .Select(members => Encoding.UTF8.GetBytes($"{{{string.Join(',', members.Select(member => $"\"{member.Item1}\":{member.Item2}"))}}}"));

    private static readonly Gen<byte[]> Mutated = Gen.Select(Good, Gen.Int[0, 5], Gen.Int[0, 10_000], Gen.Byte, OneOf(Names), OneOf(Values))
        .Select((body, kind, at, with, name, value) => Mutate(body, kind, at % body.Length, with, $"\"{name}\":{value}"));

    public static Gen<byte[]> All { get; } = Gen.Frequency((1, Random), (3, Assembled), (6, Mutated));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static byte[] Mutate(byte[] body, int kind, int at, byte with, string member) => kind switch
    {
        0 => body[..at],
        1 => [.. body[..at], with, .. body[(at + 1)..]],
        2 => [.. body[..at], with, .. body[at..]],
        3 => [.. body[..at], .. body[Math.Min(body.Length, at + 1 + (with % 16))..]],
        4 => [.. Encoding.UTF8.GetBytes($"{{{member},"), .. body[1..]],
        _ => [.. body[..^1], .. Encoding.UTF8.GetBytes($",{member}}}")],
    };
}
