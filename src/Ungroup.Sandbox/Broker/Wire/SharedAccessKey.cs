using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// The one key of the broker, and the checks against it: SASL PLAIN, and SAS tokens as in
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-sas.
/// </summary>
internal sealed class SharedAccessKey(string name, string key, TimeProvider clock)
{
    private const string Prefix = "SharedAccessSignature ";

    private readonly byte[] _key = Encoding.UTF8.GetBytes(key);

    public bool Matches(string user, string password) => Same(user, name) & Same(password, key);

    /// <summary>When the token ends, or in <paramref name="problem"/> why it does not open <paramref name="audience"/>.</summary>
    public DateTimeOffset? Verify(string token, string audience, out string problem)
    {
        var fields = Fields(token);
        if (!fields.TryGetValue("sr", out var resource) || !fields.TryGetValue("sig", out var signature)
            || !fields.TryGetValue("se", out var expiry) || !fields.TryGetValue("skn", out var keyName))
        {
            problem = "MalformedToken: a token is 'SharedAccessSignature sr=…&sig=…&se=…&skn=…'.";
            return null;
        }

        var expected = HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{resource}\n{expiry}"));
        if (!Same(Uri.UnescapeDataString(signature), Convert.ToBase64String(expected)) | !Same(Uri.UnescapeDataString(keyName), name))
        {
            problem = "InvalidSignature: The token has an invalid signature.";
            return null;
        }

        if (!long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds > MaxSeconds)
        {
            problem = "MalformedToken: 'se' is not a number of seconds since 1970.";
            return null;
        }

        var end = DateTimeOffset.FromUnixTimeSeconds(seconds);
        if (end <= clock.GetUtcNow())
        {
            problem = $"ExpiredToken: The token ended at {end:u}.";
            return null;
        }

        if (!Covers(Uri.UnescapeDataString(resource), audience))
        {
            problem = $"InvalidAudience: The token is for '{Uri.UnescapeDataString(resource)}', not for '{audience}'.";
            return null;
        }

        problem = "";
        return end;
    }

    private static long MaxSeconds => DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    private static Dictionary<string, string> Fields(string token)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        if (token.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            foreach (var field in token[Prefix.Length..].Split('&'))
            {
                if (field.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
                {
                    fields[field[..at]] = field[(at + 1)..];
                }
            }
        }

        return fields;
    }

    /// <summary>Schemes and ports differ from SDK to SDK; host and path say what is meant.</summary>
    private static bool Covers(string resource, string audience) =>
        Uri.TryCreate(resource, UriKind.Absolute, out var r) && Uri.TryCreate(audience, UriKind.Absolute, out var a)
        && string.Equals(r.Host, a.Host, StringComparison.OrdinalIgnoreCase)
        && EntityAddress.IsWithin(EntityAddress.PathOf(a), EntityAddress.PathOf(r));

    private static bool Same(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
