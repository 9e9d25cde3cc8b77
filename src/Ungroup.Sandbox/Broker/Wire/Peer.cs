using System.Collections.Concurrent;
using System.Security.Principal;
using Ungroup.Sandbox.Broker.Wire.Links;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>
/// The other end of a connection, and what it may open. It travels as the principal because that is the one
/// thing the library carries from a transport to its links.
/// </summary>
internal sealed class Peer(string name, bool hasKey) : IPrincipal
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _grants = new(StringComparer.OrdinalIgnoreCase);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isGone;

    public IIdentity Identity { get; } = new GenericIdentity(name);

    public ReplyLinks Replies { get; } = new();

    /// <summary>Completes with the peer's AMQP open.</summary>
    public Task Opened => _opened.Task;

    /// <summary>Whether it has shown the key, or a token made with it, at least once.</summary>
    public bool IsKnown => hasKey || !_grants.IsEmpty;

    /// <summary>Its socket has broken or ended: from here on whatever is said in its name it has not said.</summary>
    public bool IsGone => _isGone;

    public bool IsInRole(string role) => false;

    public void MarkGone() => _isGone = true;

    public void MarkOpened() => _opened.TrySetResult();

    public void Grant(string path, DateTimeOffset until) => _grants[path] = until;

    public bool May(string address, DateTimeOffset now) =>
        hasKey || _grants.Any(grant => grant.Value > now && EntityAddress.IsWithin(EntityAddress.Normalize(address), grant.Key));
}
