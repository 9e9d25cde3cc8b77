using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ungroup.Requests;

/// <summary>Tells two requests with the same key apart. It is taken over the parsed request, so spacing and the order of members do not count.</summary>
internal static class PayloadHash
{
    // Members added to the contract later are never listed here: they count where they are present, so that older hashes stay the same.
    private static readonly string[] AlwaysCounted =
    [
        "requestId", "account", "securityGroupId", "instanceId", "networkInterfaceId", "regionId", "regionIsDefault", "origin",
        "requestedBy", "reason", "notBefore", "expiresAt", "dryRun",
    ];

    /// <summary>SHA-256 in lower-case hexadecimal, 64 characters.</summary>
    public static string Of(RemovalRequest request)
    {
        var text = new StringBuilder();
        Append(request.Account);
        Append(request.SecurityGroup?.Value);
        Append(request.Resource?.Value);
        Append(request.RegionIsDefault ? null : request.RegionId);
        Append(request.Origin.ToString());
        Append(request.RequestedBy);
        Append(request.Reason);
        Append(Instant(request.NotBefore));
        Append(Instant(request.ExpiresAt));
        Append(request.DryRun ? "dry" : "");
        foreach (var (name, value) in NewerMembers(request))
        {
            Append(name);
            Append(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        // The length keeps "a" + "bc" and "ab" + "c" apart, and an absent value from an empty one.
        void Append(string? value) => text.Append(value?.Length ?? -1).Append(':').Append(value).Append('\n');
    }

    private static IEnumerable<(string Name, string Value)> NewerMembers(RemovalRequest request) =>
        JsonSerializer.SerializeToElement(request, RequestJson.Default.RemovalRequest).EnumerateObject()
            .Select(member => (member.Name, member.Value.GetRawText()))
            .ExceptBy(AlwaysCounted, member => member.Name)
            .OrderBy(member => member.Name, StringComparer.Ordinal);

    private static string? Instant(DateTimeOffset? instant) => instant?.UtcTicks.ToString(CultureInfo.InvariantCulture);
}
