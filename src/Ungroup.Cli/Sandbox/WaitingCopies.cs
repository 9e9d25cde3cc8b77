using System.Collections.Concurrent;

namespace Ungroup.Cli.Sandbox;

/// <summary>The copies that the broker holds for later, by their ids: how the sandbox tells a message that was postponed from one that has ended.</summary>
/// <param name="host">A worker in this process says so itself; for it, nothing is kept.</param>
internal sealed class WaitingCopies(SandboxHostKind host)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _due = new();

    public void Add(string messageId, DateTimeOffset due)
    {
        if (host == SandboxHostKind.Functions)
        {
            _due[messageId] = due;
        }
    }

    /// <summary>When the copy of a delivery arrives, where there is one.</summary>
    public bool TryTake(Delivery delivery, out DateTimeOffset due) =>
        _due.TryRemove(PostponedCopy.IdOf(delivery.MessageId, delivery.Postponements + 1), out due);
}
