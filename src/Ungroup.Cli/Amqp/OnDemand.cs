using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// Links that are attached when they are needed, and again when they have closed. Whoever comes while that goes on waits for
/// the same attachment, and fails with it: nobody waits for a turn that a lost connection never gives.
/// </summary>
internal sealed class OnDemand<T>(Func<Task<T>> attach, Func<T, bool> isClosed)
{
    private readonly Lock _gate = new();
    private Task<T>? _attached;

    public Task<T> GetAsync()
    {
        lock (_gate)
        {
            return IsUsable(_attached) ? _attached : _attached = attach();
        }
    }

    private bool IsUsable([NotNullWhen(true)] Task<T>? attached) =>
        attached is { IsCompleted: false } || (attached is { IsCompletedSuccessfully: true } && !isClosed(attached.Result));
}
