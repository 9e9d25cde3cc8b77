namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>
/// Nonces seen. A request is valid from 15 minutes before its date to 15 after, so each nonce is kept for at least 30:
/// in two generations, of which the older is dropped whole.
/// </summary>
internal sealed class NonceBook(TimeProvider clock)
{
    private static readonly TimeSpan Generation = TimeSpan.FromMinutes(30);

    private readonly Lock _gate = new();
    private HashSet<(string Key, string Nonce)> _current = [];
    private HashSet<(string Key, string Nonce)> _previous = [];
    private DateTimeOffset _turned = clock.GetUtcNow();

    public bool TryUse(string accessKeyId, string nonce)
    {
        lock (_gate)
        {
            if (clock.GetUtcNow() - _turned >= Generation)
            {
                (_previous, _current, _turned) = (_current, [], clock.GetUtcNow());
            }

            return !_previous.Contains((accessKeyId, nonce)) && _current.Add((accessKeyId, nonce));
        }
    }
}
