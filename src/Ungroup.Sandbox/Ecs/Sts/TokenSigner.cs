using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>JSON Web Tokens by RS256: https://www.rfc-editor.org/rfc/rfc7519. The key is made when it is first needed.</summary>
internal sealed class TokenSigner : IDisposable
{
    public const string Issuer = "https://login.sandbox.invalid/v2.0";

    private readonly Lazy<RSA> _key = new(() => RSA.Create(2048));

    public string Sign(string audience, string subject, DateTimeOffset issuedAt, TimeSpan lifetime)
    {
        var header = Payload.Json(json =>
        {
            json.WriteString("alg", "RS256");
            json.WriteString("typ", "JWT");
        });
        var claims = Payload.Json(json =>
        {
            json.WriteString("iss", Issuer);
            json.WriteString("aud", audience);
            json.WriteString("sub", subject);
            json.WriteNumber("iat", issuedAt.ToUnixTimeSeconds());
            json.WriteNumber("exp", (issuedAt + lifetime).ToUnixTimeSeconds());
        });
        var signed = $"{Base64Url.EncodeToString(header.Span)}.{Base64Url.EncodeToString(claims.Span)}";
        var signature = _key.Value.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>Null when this key has not signed it.</summary>
    public TokenClaims? Verify(string token)
    {
        try
        {
            return token.Split('.') is [var header, var claims, var signature]
                && JsonDocument.Parse(Base64Url.DecodeFromChars(header)).RootElement.GetProperty("alg").GetString() == "RS256"
                && _key.Value.VerifyData(
                    Encoding.UTF8.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                ? TokenClaims.Read(JsonDocument.Parse(Base64Url.DecodeFromChars(claims)).RootElement)
                : null;
        }
        catch (Exception malformed) when (malformed is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
        {
            _key.Value.Dispose();
        }
    }
}

/// <summary>The claims of a token.</summary>
internal sealed record TokenClaims(string Issuer, string Audience, string Subject, DateTimeOffset IssuedAt, DateTimeOffset Expires)
{
    public static TokenClaims Read(JsonElement json) => new(
        json.GetProperty("iss").GetString()!,
        json.GetProperty("aud").GetString()!,
        json.GetProperty("sub").GetString()!,
        DateTimeOffset.FromUnixTimeSeconds(json.GetProperty("iat").GetInt64()),
        DateTimeOffset.FromUnixTimeSeconds(json.GetProperty("exp").GetInt64()));
}
