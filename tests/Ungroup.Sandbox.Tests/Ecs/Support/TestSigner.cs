using System.Diagnostics.CodeAnalysis;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Sandbox.Tests.Ecs.Support;

/// <summary>The client's half of both signatures, from the documentation alone and for tests only.</summary>
[SuppressMessage("Security", "CA5350:Do Not Use Weak Cryptographic Algorithms", Justification = "HMAC-SHA1 is what V1 is.")]
internal static class TestSigner
{
    public static HttpRequestMessage V3(Uri address, SignedCall call)
    {
        var message = new HttpRequestMessage(call.Method, new Uri(address, "/?" + Query(call.Parameters)));
        var bodyHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(call.Form)));
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["host"] = call.Host ?? address.Authority,
            ["x-acs-action"] = call.Action,
            ["x-acs-content-sha256"] = bodyHash,
            ["x-acs-date"] = call.Date,
            ["x-acs-signature-nonce"] = call.Nonce,
            ["x-acs-version"] = call.Version,
        };
        if (call.Token is not null)
        {
            headers["x-acs-security-token"] = call.Token;
        }

        var names = string.Join(';', headers.Keys);
        var lines = string.Concat(headers.Select(header => $"{header.Key}:{header.Value}\n"));
        var canonical = $"{call.Method}\n/\n{Query(call.Parameters)}\n{lines}\n{names}\n{bodyHash}";
        var toSign = $"ACS3-HMAC-SHA256\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(call.Secret), Encoding.UTF8.GetBytes(toSign)));
        foreach (var (name, value) in headers.Where(header => header.Key != "host"))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (call.Form.Length > 0)
        {
            message.Content = new StringContent(call.Form, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        }

        message.Headers.Host = headers["host"];
        message.Headers.TryAddWithoutValidation(
            "Authorization", $"ACS3-HMAC-SHA256 Credential={call.KeyId},SignedHeaders={names},Signature={signature}");
        return message;
    }

    public static HttpRequestMessage V1(Uri address, SignedCall call, string? format)
    {
        List<(string Name, string Value)> all =
        [
            .. call.Parameters, ("Action", call.Action), ("Version", call.Version), ("Timestamp", call.Date), ("SignatureNonce", call.Nonce),
            ("SignatureMethod", "HMAC-SHA1"), ("SignatureVersion", "1.0"), ("AccessKeyId", call.KeyId),
        ];
        if (format is not null)
        {
            all.Add(("Format", format));
        }

        var toSign = $"{call.Method}&%2F&{Uri.EscapeDataString(Query([.. all]))}";
        var signature = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(call.Secret + "&"), Encoding.UTF8.GetBytes(toSign)));
        return new HttpRequestMessage(call.Method, new Uri(address, "/?" + Query([.. all, ("Signature", signature)])));
    }

    private static string Query(IReadOnlyList<(string Name, string Value)> parameters) => string.Join('&', parameters
        .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
        .Select(parameter => $"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(parameter.Value)}"));
}

internal sealed record SignedCall(string Action, IReadOnlyList<(string Name, string Value)> Parameters, string Date)
{
    public HttpMethod Method { get; init; } = HttpMethod.Post;

    public string Version { get; init; } = "2014-05-26";

    public string KeyId { get; init; } = "key";

    public string Secret { get; init; } = "secret";

    public string? Token { get; init; }

    public string? Host { get; init; }

    public string Form { get; init; } = "";

    public string Nonce { get; init; } = Guid.NewGuid().ToString();
}
