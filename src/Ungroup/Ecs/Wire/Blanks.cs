using System.Collections.Concurrent;

namespace Ungroup.Ecs.Wire;

/// <summary>
/// Blank requests to be written on. One whose reply has been read to its end is nobody else's any more, and is emptied and
/// used again; one whose call broke or was given up may still be on its way, and is not.
/// </summary>
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

/// <summary>One attempt, as it is written, and how long it may take.</summary>
internal sealed class Blank(TimeProvider clock) : IDisposable
{
    private CancellationTokenSource? _timeout;

    /// <summary>
    /// Its content is empty, and yet there has to be one: a request without content that finds its pooled connection closed is sent
    /// again by .NET, up to three times, with the same nonce, and nobody would know that ECS may have carried out the first.
    /// </summary>
    public HttpRequestMessage Message { get; } = new() { Method = HttpMethod.Post, Content = new ByteArrayContent([]) };

    /// <summary>What is signed.</summary>
    public List<KeyValuePair<string, string>> Signed { get; } = new(capacity: 9);

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

    /// <summary>Nothing stays, and least of all the date, the nonce, the signature and the token.</summary>
    public void Empty()
    {
        Message.Headers.Clear();
        Message.RequestUri = null;
        Signed.Clear();
        if (_timeout?.TryReset() == false)
        {
            // Cancelled, or on a clock that is not the system's, whose timers cannot be used again.
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
