using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ecs;

/// <summary>
/// A secret, made ready to sign. A one-shot HMAC looks up the algorithm and schedules the key every time, which takes longer
/// than the hash itself: docs/performance.md.
/// </summary>
internal sealed class SigningKey
{
    private static readonly ConditionalWeakTable<Credentials, SigningKey> Known = [];

    private readonly Lock gate = new();
    private readonly IncrementalHash hash;

    // The raw secret is the key: no suffix, no derivation.
    private SigningKey(Credentials credentials) =>
        hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(credentials.AccessKeySecret));

    /// <summary>The key of these credentials; it is gone when they are.</summary>
    public static SigningKey Of(Credentials credentials) => Known.GetValue(credentials, static one => new(one));

    /// <summary>Under a lock, for well under a microsecond.</summary>
    public void Sign(ReadOnlySpan<byte> text, Span<byte> signature)
    {
        lock (gate)
        {
            hash.AppendData(text);
            hash.GetHashAndReset(signature);
        }
    }
}
