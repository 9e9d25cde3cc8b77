using System.Buffers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ecs.Wire;

/// <summary>
/// ACS3-HMAC-SHA256 for a call with an empty body:
/// https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature.
/// </summary>
internal static class Acs3Signature
{
    public const string EmptyBody = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private const string Algorithm = "ACS3-HMAC-SHA256";
    private const int HexHash = 2 * SHA256.HashSizeInBytes;

    /// <summary>The value of <c>Authorization</c>; host and every <c>x-acs-</c> header come in lower case and ordinal order.</summary>
    public static string Authorization(
        AccessKey credentials, string method, string query, ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LengthOf(method, query, headers));
        Span<char> signature = stackalloc char[HexHash];
        var length = 0;
        try
        {
            length = WriteCanonicalRequest(buffer, method, query, headers);
            Sign(buffer.AsSpan(0, length), credentials, signature);
        }
        finally
        {
            // It holds the STS token.
            buffer.AsSpan(0, length).Clear();
            ArrayPool<byte>.Shared.Return(buffer);
        }

        var text = new DefaultInterpolatedStringHandler(0, 0, provider: null, stackalloc char[512]);
        text.AppendLiteral(Algorithm + " Credential=");
        text.AppendLiteral(credentials.AccessKeyId);
        text.AppendLiteral(",SignedHeaders=");
        foreach (var (name, _) in headers)
        {
            text.AppendLiteral(name == headers[0].Key ? "" : ";");
            text.AppendLiteral(name);
        }

        text.AppendLiteral(",Signature=");
        text.AppendFormatted(signature);
        return text.ToStringAndClear();
    }

    private static void Sign(ReadOnlySpan<byte> canonicalRequest, AccessKey credentials, Span<char> signature)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = stackalloc byte[Algorithm.Length + 1 + HexHash];
        var length = Write(text, 0, Algorithm + "\n");

        var key = SigningKey.Of(credentials);
        var pen = key.Take();
        pen.Hash(canonicalRequest, hash);
        Convert.TryToHexStringLower(hash, text[length..], out _);
        pen.Sign(text, hash);
        Convert.TryToHexStringLower(hash, signature, out _);
        key.Return(pen);
    }

    private static int WriteCanonicalRequest(
        Span<byte> buffer, string method, string query, ReadOnlySpan<KeyValuePair<string, string>> headers)
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

        foreach (var (name, _) in headers)
        {
            length = Write(buffer, length, name == headers[0].Key ? "\n" : ";");
            length = Write(buffer, length, name);
        }

        return Write(buffer, length, "\n" + EmptyBody);
    }

    private static int LengthOf(string method, string query, ReadOnlySpan<KeyValuePair<string, string>> headers)
    {
        var characters = method.Length + query.Length + EmptyBody.Length + 8;
        foreach (var (name, value) in headers)
        {
            characters += (2 * name.Length) + value.Length + 3;
        }

        return Encoding.UTF8.GetMaxByteCount(characters);
    }

    private static int Write(Span<byte> buffer, int at, ReadOnlySpan<char> text) => at + Encoding.UTF8.GetBytes(text, buffer[at..]);
}
