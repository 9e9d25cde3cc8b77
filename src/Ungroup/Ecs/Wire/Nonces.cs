using System.Security.Cryptography;

namespace Ungroup.Ecs.Wire;

/// <summary>Random nonces. Chance is fetched for many at a time: each fetch is a call into the system.</summary>
internal sealed class Nonces
{
    private const int Size = 16;

    private readonly Lock _gate = new();
    private readonly byte[] _chance = new byte[64 * Size];
    private int _left;

    public string Next()
    {
        lock (_gate)
        {
            if (_left == 0)
            {
                RandomNumberGenerator.Fill(_chance);
                _left = _chance.Length;
            }

            _left -= Size;
            return Convert.ToHexStringLower(_chance.AsSpan(_left, Size));
        }
    }
}
