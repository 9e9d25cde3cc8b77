namespace Ungroup.Messages;

/// <summary>Where requests and the driver's messages go. The hosts bring it.</summary>
public interface IRequestBus
{
    /// <summary>Returns once the broker has taken all of them; throws where it may not have, and they are sent again with the same ids.</summary>
    /// <param name="queue">The name of the queue.</param>
    /// <param name="messages">In any number.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task SendAsync(string queue, IReadOnlyList<OutgoingRequest> messages, CancellationToken cancellationToken);
}

/// <summary>A message that this product sends to a queue of its own.</summary>
public sealed class OutgoingRequest
{
    internal OutgoingRequest(string messageId, ReadOnlyMemory<byte> body) => (MessageId, Body) = (messageId, body);

    /// <summary>The same however often it is sent.</summary>
    public string MessageId { get; }

    /// <summary>JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }
}
