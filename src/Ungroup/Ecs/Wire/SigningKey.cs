using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ecs.Wire;

/// <summary>A secret made ready to sign: a one-shot HMAC schedules its key every time, which takes longer than the hash (docs/performance.md).</summary>
internal sealed class SigningKey
{
    private static readonly ConditionalWeakTable<AccessKey, SigningKey> Known = [];

    private readonly ConcurrentQueue<SigningPen> _pens = new();
    private readonly byte[] _secret;

    // The raw secret is the key: no suffix, no derivation.
    private SigningKey(AccessKey credentials) => _secret = Encoding.UTF8.GetBytes(credentials.AccessKeySecret);

    public static SigningKey Of(AccessKey credentials) => Known.GetValue(credentials, static one => new(one));

    public SigningPen Take() => _pens.TryDequeue(out var pen) ? pen : new(_secret);

    public void Return(SigningPen pen) => _pens.Enqueue(pen);
}

internal sealed class SigningPen(byte[] secret)
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _keyed = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);

    public void Hash(ReadOnlySpan<byte> text, Span<byte> hash) => Take(_hash, text, hash);

    public void Sign(ReadOnlySpan<byte> text, Span<byte> signature) => Take(_keyed, text, signature);

    private static void Take(IncrementalHash hash, ReadOnlySpan<byte> text, Span<byte> result)
    {
        hash.AppendData(text);
        hash.GetHashAndReset(result);
    }
}
