using System.Buffers;
using System.Collections.Concurrent;
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

    private static readonly ConditionalWeakTable<AccessKey, ConcurrentBag<Signer>> Signers = [];

    /// <summary>The headers that are signed: lower-case names, in ordinal order.</summary>
    public static List<KeyValuePair<string, string>> HeadersOf(
        string action, string host, string date, string nonce, string? provider, AccessKey credentials)
    {
        List<KeyValuePair<string, string>> headers = new(capacity: 9);
        Add("host", host);
        Add("x-acs-accesskey-id", credentials.SecurityToken is null ? null : credentials.AccessKeyId);
        Add("x-acs-action", action);
        Add("x-acs-content-sha256", EmptyBody);
        Add("x-acs-credentials-provider", provider);
        Add("x-acs-date", date);
        Add("x-acs-security-token", credentials.SecurityToken);
        Add("x-acs-signature-nonce", nonce);
        Add("x-acs-version", EcsCall.Version);
        return headers;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }

    /// <summary>The value of <c>Authorization</c>.</summary>
    public static string Authorization(AccessKey credentials, string method, string query, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        var free = Signers.GetOrCreateValue(credentials);
        var signer = free.TryTake(out var used) ? used : new(credentials.AccessKeySecret);
        var names = string.Join(';', headers.Select(header => header.Key));
        var signature = signer.Sign(method, query, headers, names);
        free.Add(signer);
        return $"{Algorithm} Credential={credentials.AccessKeyId},SignedHeaders={names},Signature={signature}";
    }

    // Kept, with its keyed hash and its buffer, for the row "signature" of docs/performance.md.
    private sealed class Signer(string secret)
    {
        private readonly IncrementalHash _keyed = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        private readonly ArrayBufferWriter<byte> _text = new(1024);

        public string Sign(string method, string query, IReadOnlyList<KeyValuePair<string, string>> headers, string names)
        {
            Write(method, "\n/\n", query, "\n");
            foreach (var (name, value) in headers)
            {
                Write(name, ":", value.Trim(), "\n");
            }

            Write("\n", names, "\n", EmptyBody);
            var hash = SHA256.HashData(_text.WrittenSpan);

            // It holds the STS token.
            _text.Clear();
            Write(Algorithm, "\n", Convert.ToHexStringLower(hash));
            _keyed.AppendData(_text.WrittenSpan);
            _text.Clear();
            return Convert.ToHexStringLower(_keyed.GetHashAndReset());
        }

        private void Write(params ReadOnlySpan<string> texts)
        {
            foreach (var text in texts)
            {
                Encoding.UTF8.GetBytes(text, _text);
            }
        }
    }
}
