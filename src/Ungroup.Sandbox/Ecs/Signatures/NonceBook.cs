namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>
/// Nonces seen. A request is valid from 15 minutes before its date to 15 after, so each nonce is kept for at least 30:
/// in two generations, of which the older is dropped whole.
/// </summary>
internal sealed class NonceBook(TimeProvider clock)
{
    private static readonly TimeSpan Generation = TimeSpan.FromMinutes(30);

    private readonly Lock gate = new();
    private HashSet<(string Key, string Nonce)> current = [];
    private HashSet<(string Key, string Nonce)> previous = [];
    private DateTimeOffset turned = clock.GetUtcNow();

    public bool TryUse(string accessKeyId, string nonce)
    {
        lock (gate)
        {
            if (clock.GetUtcNow() - turned >= Generation)
            {
                (previous, current, turned) = (current, [], clock.GetUtcNow());
            }

            return !previous.Contains((accessKeyId, nonce)) && current.Add((accessKeyId, nonce));
        }
    }
}
