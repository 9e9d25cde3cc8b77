using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Sandbox.Broker.Wire.Links;

/// <summary>The links of one connection on which answers go out.</summary>
internal sealed class ReplyLinks
{
    private readonly Lock _gate = new();
    private readonly List<ReplyEndpoint> _links = [];

    public void Add(ReplyEndpoint link)
    {
        lock (_gate)
        {
            _links.Add(link);
        }
    }

    public void Remove(ReplyEndpoint link)
    {
        lock (_gate)
        {
            _links.Remove(link);
        }
    }

    /// <summary>A reply-to is the address the client gave its receiving end, or, in the JavaScript SDK, the link's name.</summary>
    public bool TryFind(string node, string? replyTo, [NotNullWhen(true)] out ReplyEndpoint? link)
    {
        lock (_gate)
        {
            link = _links.Find(l => l.Node == node && replyTo is not null && (l.ReplyTo == replyTo || l.Name == replyTo));
            return link is not null;
        }
    }
}
