using System.Diagnostics.CodeAnalysis;

namespace Ungroup.ServiceBus;

/// <param name="Host">The host, with its port where that was named.</param>
/// <param name="ConnectionString">Null where an identity signs in.</param>
/// <param name="EntityPath">The one queue or topic that the connection string is for; null where it is for all of its namespace.</param>
internal sealed record BusAddress(string Host, string? ConnectionString = null, string? EntityPath = null)
{
    private const string Expected =
        "expected a connection string, Endpoint=sb://HOST;SharedAccessKeyName=NAME;SharedAccessKey=KEY[;UseDevelopmentEmulator=true], "
        + "or the name of a host, such as NAMESPACE.servicebus.windows.net, for an identity";

    public bool IsKeyless => ConnectionString is null;

    /// <summary>The port of a connection string that names one.</summary>
    public int? TlsPort { get; private init; }

    /// <summary>Its problem is a sentence that never repeats a key.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out BusAddress? address, [NotNullWhen(false)] out string? problem)
    {
        text = text?.Trim() ?? "";
        (address, problem) = text.Contains('=', StringComparison.Ordinal) ? FromPairs(text) : FromHost(text);
        problem = address is null ? $"The bus address cannot be used: {problem}; {Expected}." : null;
        return address is not null;
    }

    /// <summary>The entity that this address does not lead to, as a sentence; null where it leads to all.</summary>
    public string? Excludes(params IEnumerable<string> entities) =>
        EntityPath is { } path && entities.Where(entity => !entity.Equals(path, StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } others
            ? $"The connection string is for {path} alone (EntityPath={path}), and {string.Join(" and ", others)} {(others.Count == 1 ? "is" : "are")} needed; "
                + "expected a connection string of the namespace, without EntityPath."
            : null;

    /// <summary>Logs show it, so it has no key.</summary>
    public override string ToString() => $"sb://{Host}";

    // A mistyped address may hold a key, so none of it is repeated.
    private static (BusAddress?, string?) FromHost(string text)
    {
        if (text.Length == 0)
        {
            return (null, "it is empty");
        }

        if (text.StartsWith("amqp", StringComparison.OrdinalIgnoreCase) || text.Contains('@', StringComparison.Ordinal))
        {
            return (null, "it is an AMQP address with a user and a key in it, which only Ungroup 0.1 and before understood");
        }

        var host = text.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out var uri)
            ? uri is { Scheme: "sb" or "https", PathAndQuery: "/" or "" } && (uri.IsDefaultPort || uri.Port is -1 or 443 or 5671) ? uri.Host : ""
            : text.TrimEnd('/');

        return host.Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(host) != UriHostNameType.Unknown
            ? (new(host), null)
            : (null, "it is neither a connection string nor the name of a host");
    }

    private static (BusAddress?, string?) FromPairs(string text)
    {
        var pairs = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                return (null, "one of its parts has no '='");
            }

            pairs[name.Trim()] = value.Trim();
        }

        string? Given(string name) => pairs.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;

        return Given("Endpoint") is not { } endpoint ? (null, "it has no Endpoint")
            : !Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) || uri.Scheme != "sb" || uri.Host.Length == 0
                ? (null, $"its Endpoint '{endpoint}' is not of the form sb://HOST")
            : Given("SharedAccessSignature") is null && Given("SharedAccessKeyName") is null ? (null, "it has no SharedAccessKeyName")
            : Given("SharedAccessSignature") is null && Given("SharedAccessKey") is null ? (null, "it has no SharedAccessKey")
            : (new(uri.Authority, text, Given("EntityPath"))
            {
                TlsPort = uri.Port > 0 && !string.Equals(Given("UseDevelopmentEmulator"), "true", StringComparison.OrdinalIgnoreCase) ? uri.Port : null,
            }, null);
    }
}
