using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Requests;

/// <summary>
/// What tells two requests with the same key apart. Taken over the parsed request, so that spacing, the order of members
/// or an envelope make no difference, and every changed value does.
/// </summary>
internal static class PayloadHash
{
    /// <summary>SHA-256 in lower-case hexadecimal, 64 characters.</summary>
    public static string Of(RemovalRequest request)
    {
        var text = new StringBuilder();
        Append(request.Account);
        Append(request.SecurityGroup.Value);
        Append(request.Resource.Value);
        Append(request.RegionIsDefault ? null : request.RegionId);
        Append(request.Origin.ToString());
        Append(request.RequestedBy);
        Append(request.Reason);
        Append(Instant(request.NotBefore));
        Append(Instant(request.ExpiresAt));
        Append(request.DryRun ? "dry" : "");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        // The length in front keeps "a" + "bc" and "ab" + "c" apart, and an absent value from an empty one.
        void Append(string? value) => text.Append(value?.Length ?? -1).Append(':').Append(value).Append('\n');
    }

    private static string? Instant(DateTimeOffset? instant) => instant?.UtcTicks.ToString(CultureInfo.InvariantCulture);
}
