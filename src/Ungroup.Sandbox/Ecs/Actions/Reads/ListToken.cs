using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Reads;

/// <summary>
/// Where a list goes on. A token belongs to one list: the same account, region, action and filters. How long a token of ECS lives is not
/// published; these live for an hour. UNVERIFIED
/// </summary>
internal sealed record ListToken(int Place)
{
    private const int LengthOfList = 16;
    private const int LengthOfToken = 512;

    private static readonly TimeSpan Life = TimeSpan.FromHours(1);

    // Which page it is, and what V1 signs a call with, say nothing about which list it is.
    private static readonly string[] NoFilters =
    [
        "NextToken", "MaxResults", "Action", "Version", "Format", "Timestamp", "AccessKeyId", "SecurityToken",
        "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "SignatureType",
    ];

    /// <summary>Null where it is no token, or one of another list or another time.</summary>
    public static ListToken? Of(string token, EcsCall call)
    {
        if (token.Length > LengthOfToken || !Base64Url.IsValid(token))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split('|') is [var list, var madeAt, var behind]
            && list == ListOf(call)
            && long.TryParse(madeAt, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && seconds <= call.Now.ToUnixTimeSeconds() && call.Now.ToUnixTimeSeconds() - seconds < Life.TotalSeconds
            && int.TryParse(behind, NumberStyles.None, CultureInfo.InvariantCulture, out var place) ? new(place) : null;
    }

    public static string Behind(int place, EcsCall call) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{ListOf(call)}|{call.Now.ToUnixTimeSeconds()}|{place}")));

    private static string ListOf(EcsCall call)
    {
        var filters = call.Parameters.All.Where(parameter => !NoFilters.Contains(parameter.Key)).OrderBy(parameter => parameter.Key, StringComparer.Ordinal)
            .Select(parameter => $"{parameter.Key.Length}:{parameter.Key}{parameter.Value.Length}:{parameter.Value}");
        var text = $"{call.Action}|{call.Account.Name}|{call.RegionId}|{string.Concat(filters)}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..LengthOfList];
    }
}
