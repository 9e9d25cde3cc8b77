using System.Diagnostics.CodeAnalysis;
using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>Where a broker listens and who we are to it: what a connection string comes to.</summary>
internal sealed record BusAddress(string Host, int Port, bool Tls, string? User, string? Key)
{
    public const int PlainPort = 5672;
    public const int TlsPort = 5671;

    private const string Expected =
        "expected Endpoint=sb://HOST;SharedAccessKeyName=NAME;SharedAccessKey=KEY[;UseDevelopmentEmulator=true] "
        + "or amqp[s]://USER:KEY@HOST[:PORT]";

    /// <summary>Reads a Service Bus connection string or an AMQP address; <paramref name="problem"/> never repeats a key.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BusAddress? address, [NotNullWhen(false)] out string? problem)
    {
        text = text?.Trim() ?? "";
        (address, problem) = text.StartsWith("amqp", StringComparison.OrdinalIgnoreCase) ? FromUri(text) : FromPairs(text);
        problem = address is null ? $"The bus address cannot be used: {problem ?? "it cannot be read"}; {Expected}." : null;
        return address is not null;
    }

    public Address ToAmqp() => new(Host, Port, User, Key, scheme: Tls ? "AMQPS" : "AMQP");

    /// <summary>Without the key: this is what logs show.</summary>
    public override string ToString() => $"{(Tls ? "amqps" : "amqp")}://{Host}:{Port}";

    private static (BusAddress?, string?) FromUri(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps") || uri.Host.Length == 0)
        {
            return (null, "it starts like an AMQP address and is none");
        }

        var tls = uri.Scheme == "amqps";
        var user = uri.UserInfo.Split(':', 2);
        return user is [{ Length: > 0 }] or [{ Length: > 0 }, ""]
            ? (null, "it has a user and no key")
            : (new(uri.Host, uri.Port > 0 ? uri.Port : tls ? TlsPort : PlainPort, tls,
                user is [{ Length: > 0 } name, _] ? Uri.UnescapeDataString(name) : null,
                user is [_, var key] ? Uri.UnescapeDataString(key) : null), null);
    }

    private static (BusAddress?, string?) FromPairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            // A key is base64 and may end in '='.
            if (part.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                // Not repeated: what looks like nothing we know may be a mistyped address, with a key in it.
                return (null, "one of its parts has no '='");
            }

            pairs[name.Trim()] = value.Trim();
        }

        return pairs.GetValueOrDefault("Endpoint") is not { Length: > 0 } endpoint ? (null, "it has no Endpoint")
            : !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme != "sb" || uri.Host.Length == 0
                ? (null, $"its Endpoint '{endpoint}' is not of the form sb://HOST")
            : pairs.GetValueOrDefault("SharedAccessKeyName") is not { Length: > 0 } user ? (null, "it has no SharedAccessKeyName")
            : pairs.GetValueOrDefault("SharedAccessKey") is not { Length: > 0 } key ? (null, "it has no SharedAccessKey")
            : (Of(uri, user, key, emulator: IsTrue(pairs.GetValueOrDefault("UseDevelopmentEmulator"))), null);
    }

    // As in the Azure SDKs: the emulator flag, and nothing else, turns TLS off.
    private static BusAddress Of(Uri endpoint, string user, string key, bool emulator) =>
        new(endpoint.Host, endpoint.Port > 0 ? endpoint.Port : emulator ? PlainPort : TlsPort, !emulator, user, key);

    private static bool IsTrue(string? text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase);
}
