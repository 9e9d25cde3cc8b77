using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Azure.Messaging.ServiceBus;

namespace Ungroup.FunctionsHost.Triggers.Queues;

/// <summary>The messages that functions have in hand, by the token of their lock; gone with the invocation, or with the lock.</summary>
internal sealed class HeldMessages
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

    public bool TryFind(string lockToken, [NotNullWhen(true)] out ProcessMessageEventArgs? message) => _held.TryGetValue(lockToken, out message);

    private Task ForgetAsync(MessageLockLostEventArgs lost)
    {
        _held.TryRemove(lost.Message.LockToken, out _);
        return Task.CompletedTask;
    }
}
