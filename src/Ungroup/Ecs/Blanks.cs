using System.Collections.Concurrent;

namespace Ungroup.Ecs;

/// <summary>
/// Blank requests to be written on. One whose reply has been read to its end is nobody else's any more, and is emptied and
/// used again; one whose call broke or was given up may still be on its way, and is not.
/// </summary>
internal sealed class Blanks
{
    private const int Most = 64;

    private readonly ConcurrentQueue<Blank> _blanks = new();

    public Blank Take() => _blanks.TryDequeue(out var blank) ? blank : new();

    public void Return(Blank used)
    {
        used.Empty();
        if (_blanks.Count < Most)
        {
            _blanks.Enqueue(used);
        }
    }
}

/// <summary>One attempt, as it is written.</summary>
internal sealed class Blank
{
    public HttpRequestMessage Message { get; } = new() { Method = HttpMethod.Post };

    /// <summary>What is signed.</summary>
    public List<KeyValuePair<string, string>> Signed { get; } = new(capacity: 9);

    /// <summary>Nothing stays, and least of all the date, the nonce, the signature and the token.</summary>
    public void Empty()
    {
        Message.Headers.Clear();
        Message.RequestUri = null;
        Signed.Clear();
    }
}
