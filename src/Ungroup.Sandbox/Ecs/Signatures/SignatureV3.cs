using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>
/// ACS3-HMAC-SHA256.
/// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature [V3]
/// </summary>
internal static class SignatureV3
{
    private const string Algorithm = "ACS3-HMAC-SHA256";

    private static readonly string[] Mandatory =
        ["x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"];

    public static bool TryRead(WireRequest request, [NotNullWhen(true)] out Claim? claim, [NotNullWhen(false)] out EcsError? problem)
    {
        claim = null;
        if (request.Header("Authorization") is not { Length: > 0 } authorization)
        {
            problem = AuthErrors.MissingSignature;
            return false;
        }

        if (authorization.Split(' ', 2) is not [Algorithm, var fields])
        {
            problem = AuthErrors.InvalidSignatureMethod;
            return false;
        }

        var parts = fields.Split(',', StringSplitOptions.TrimEntries);
        var (key, headers, signature) = (Field(parts, "Credential="), Field(parts, "SignedHeaders="), Field(parts, "Signature="));
        if (key is null || headers is null || signature is null)
        {
            problem = AuthErrors.Incomplete("Authorization needs Credential, SignedHeaders and Signature.");
            return false;
        }

        var signed = headers.Split(';');
        problem = MissingHeader(request, signed);
        if (problem is null)
        {
            claim = new Claim(
                key,
                request.Header("x-acs-date")!,
                request.Header("x-acs-signature-nonce")!,
                request.Header("x-acs-security-token"),
                signature,
                secret => Sign(request, signed, secret));
        }

        return claim is not null;
    }

    // Every x-acs-* header that arrived and the host must be under the signature, or anyone on the way could add one. [RUN][DESIGN]
    private static EcsError? MissingHeader(WireRequest request, string[] signed)
    {
        foreach (var name in Mandatory)
        {
            if (request.Header(name) is null or "")
            {
                return AuthErrors.Incomplete($"Header {name} is missing.");
            }
        }

        foreach (var (name, _) in request.Headers)
        {
            if ((name.Equals("host", StringComparison.OrdinalIgnoreCase) || name.StartsWith("x-acs-", StringComparison.OrdinalIgnoreCase))
                && !signed.Contains(name.ToLowerInvariant()))
            {
                return AuthErrors.Incomplete($"Header {name.ToLowerInvariant()} is not in SignedHeaders.");
            }
        }

        return null;
    }

    private static Expectation Sign(WireRequest request, string[] signed, string secret)
    {
        var payloadHash = Convert.ToHexStringLower(SHA256.HashData(request.Body));
        var canonical = new StringBuilder(capacity: 1024)
            .Append(request.Method).Append('\n')
            .Append(request.Path).Append('\n')
            .Append(CanonicalQuery.Of(request.Query)).Append('\n');
        foreach (var name in signed)
        {
            canonical.Append(name).Append(':').Append(request.Header(name)).Append('\n');
        }

        canonical.Append('\n').AppendJoin(';', signed).Append('\n').Append(payloadHash);
        var canonicalRequest = canonical.ToString();
        var stringToSign = $"{Algorithm}\n{Hash(canonicalRequest)}";
        string Explain() => "Specified signature does not match our calculation. "
            + $"server StringToSign is [{stringToSign}], server CanonicalRequest is [{canonicalRequest}]";

        // A body other than the one the header names was not signed, whatever the signature says.
        return request.Header("x-acs-content-sha256") == payloadHash
            ? new Expectation(Mac(secret, stringToSign), Explain)
            : new Expectation("", Explain);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Mac(string secret, string text) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));

    private static string? Field(string[] parts, string name) =>
        Array.Find(parts, part => part.StartsWith(name, StringComparison.Ordinal)) is { } found && found.Length > name.Length ? found[name.Length..] : null;
}
