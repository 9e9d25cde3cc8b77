using System.Collections.Concurrent;

namespace Ungroup.Ecs.Wire;

/// <summary>Requests that are used again once their reply has been read to its end. One whose call broke may still be on its way.</summary>
internal sealed class Blanks(TimeProvider clock)
{
    private const int Most = 64;

    private readonly ConcurrentQueue<Blank> _blanks = new();

    public Blank Take() => _blanks.TryDequeue(out var blank) ? blank : new(clock);

    public void Return(Blank used)
    {
        if (_blanks.Count < Most)
        {
            used.Empty();
            _blanks.Enqueue(used);
        }
        else
        {
            used.Dispose();
        }
    }
}

// Kept, with its headers and its timer, for the row "request" of docs/performance.md.
internal sealed class Blank(TimeProvider clock) : IDisposable
{
    private CancellationTokenSource? _timeout;

    /// <summary>
    /// It needs content, even if empty: .NET sends a request without content again, up to three times and with the same nonce, when its
    /// pooled connection is closed, and nobody would know that ECS may have carried out the first.
    /// </summary>
    public HttpRequestMessage Message { get; } = new() { Method = HttpMethod.Post, Content = new ByteArrayContent([]) };

    public CancellationTokenSource Within(TimeSpan patience)
    {
        if (_timeout is null)
        {
            return _timeout = new(patience, clock);
        }

#pragma warning disable RS0030 // Its timer was made by the clock, and is only set again.
        _timeout.CancelAfter(patience);
#pragma warning restore RS0030
        return _timeout;
    }

    public void Empty()
    {
        Message.Headers.Clear();
        Message.RequestUri = null;
        if (_timeout?.TryReset() == false)
        {
            // Cancelled, or on a clock other than the system's, whose timers cannot be used again.
            _timeout.Dispose();
            _timeout = null;
        }
    }

    public void Dispose()
    {
        _timeout?.Dispose();
        Message.Dispose();
    }
}
