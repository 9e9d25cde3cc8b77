using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ecs;

/// <summary>
/// ACS3-HMAC-SHA256 for a call with an empty body:
/// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature.
/// </summary>
internal static class Acs3Signature
{
    /// <summary>SHA-256 of nothing.</summary>
    public const string EmptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "ACS3-HMAC-SHA256";
    private const int HexHash = 2 * SHA256.HashSizeInBytes;

    /// <summary>The value of <c>Authorization</c>.</summary>
    /// <param name="credentials">Whose key signs.</param>
    /// <param name="method">The HTTP method.</param>
    /// <param name="query">The query as <see cref="CanonicalQuery"/> makes it.</param>
    /// <param name="headers">Host and every <c>x-acs-</c> header: lower-case names, in ordinal order.</param>
    public static string Authorization(
        Credentials credentials, string method, string query, ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var names = NamesOf(headers);
        var buffer = ArrayPool<byte>.Shared.Rent(LengthOf(method, query, names, headers));
        try
        {
            var length = WriteCanonicalRequest(buffer, method, query, names, headers);
            return $"{Algorithm} Credential={credentials.AccessKeyId},SignedHeaders={names},Signature={Sign(buffer.AsSpan(0, length), credentials)}";
        }
        finally
        {
            // It holds the STS token.
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static string Sign(ReadOnlySpan<byte> canonicalRequest, Credentials credentials)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonicalRequest, hash);

        Span<byte> text = stackalloc byte[Algorithm.Length + 1 + HexHash];
        var length = Write(text, 0, Algorithm);
        length = Write(text, length, "\n");
        Write(text, length, Convert.ToHexStringLower(hash));

        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        SigningKey.Of(credentials).Sign(text, mac);
        return Convert.ToHexStringLower(mac);
    }

    private static int WriteCanonicalRequest(
        Span<byte> buffer, string method, string query, string names, ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var length = Write(buffer, 0, method);
        length = Write(buffer, length, "\n/\n");
        length = Write(buffer, length, query);
        length = Write(buffer, length, "\n");
        foreach (var (name, value) in headers)
        {
            length = Write(buffer, length, name);
            length = Write(buffer, length, ":");
            length = Write(buffer, length, value.AsSpan().Trim());
            length = Write(buffer, length, "\n");
        }

        // Every header ends its line, and the block ends with an empty one.
        length = Write(buffer, length, "\n");
        length = Write(buffer, length, names);
        length = Write(buffer, length, "\n");
        return Write(buffer, length, EmptyBody);
    }

    private static int LengthOf(string method, string query, string names, ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var characters = method.Length + query.Length + names.Length + EmptyBody.Length + 8;
        foreach (var (name, value) in headers)
        {
            characters += name.Length + value.Length + 2;
        }

        return Encoding.UTF8.GetMaxByteCount(characters);
    }

    private static string NamesOf(ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var names = new DefaultInterpolatedStringHandler(0, 0, provider: null, stackalloc char[256]);
        foreach (var (name, _) in headers)
        {
            names.AppendLiteral(name == headers[0].Key ? "" : ";");
            names.AppendLiteral(name);
        }

        return names.ToStringAndClear();
    }

    private static int Write(Span<byte> buffer, int at, ReadOnlySpan<char> text) => at + Encoding.UTF8.GetBytes(text, buffer[at..]);
}
