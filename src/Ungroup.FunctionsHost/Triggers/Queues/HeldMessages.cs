using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure.Messaging.ServiceBus;

namespace Ungroup.FunctionsHost.Triggers.Queues;

/// <summary>The messages that functions have in hand, by lock token; gone with the invocation or the lock.</summary>
internal sealed class HeldMessages(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, ProcessMessageEventArgs> _held = new();

    public void Hold(ProcessMessageEventArgs message)
    {
        _held[message.Message.LockToken] = message;
        message.MessageLockLostAsync += ForgetAsync;
    }

    public void Release(ProcessMessageEventArgs message)
    {
        message.MessageLockLostAsync -= ForgetAsync;
        _held.TryRemove(message.Message.LockToken, out _);
    }

    /// <summary>Returns false for a lock that has run out.</summary>
    public bool TryFind(string lockToken, [NotNullWhen(true)] out ProcessMessageEventArgs? message) =>
        _held.TryGetValue(lockToken, out message) && message.Message.LockedUntil > clock.GetUtcNow();

    private Task ForgetAsync(MessageLockLostEventArgs lost)
    {
        _held.TryRemove(lost.Message.LockToken, out _);
        return Task.CompletedTask;
    }
}
