using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Jobs;

/// <summary>SHA-256 over values in a fixed order. Each has its length before it, so that no two different lists of values are the same bytes.</summary>
internal sealed class CanonicalHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="format">Names what the values are: another format never has the same hash.</param>
    public CanonicalHash(string format) => Text(format);

    /// <summary>An absent text is not an empty one.</summary>
    public CanonicalHash Text(string? value)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, value is null ? -1 : Encoding.UTF8.GetByteCount(value));
        _hash.AppendData(length);
        _hash.AppendData(Encoding.UTF8.GetBytes(value ?? ""));
        return this;
    }

    public CanonicalHash Whole(long? value) => Text(value?.ToString(CultureInfo.InvariantCulture));

    public CanonicalHash Instant(DateTimeOffset? value) => Whole(value?.UtcTicks);

    public CanonicalHash Texts(IReadOnlyCollection<string>? values)
    {
        Whole(values?.Count);
        foreach (var value in values ?? [])
        {
            Text(value);
        }

        return this;
    }

    public CanonicalHash Pairs(IReadOnlyDictionary<string, string>? values) => Texts(
        values is null ? null : [.. values.OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => (string[])[one.Key, one.Value])]);

    /// <summary><c>sha256:</c> and 64 hexadecimal digits, lower case. Members that are added later do not change it.</summary>
    public string Take() => $"sha256:{Convert.ToHexStringLower(_hash.GetCurrentHash())}";

    public void Dispose() => _hash.Dispose();
}
