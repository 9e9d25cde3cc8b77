namespace Ungroup.Outcomes;

/// <summary>An outcome as it goes over the bus: a CloudEvents 1.0 event, structured, JSON. The bytes are what the ledger keeps.</summary>
/// <param name="Id">A hash of account, request id and status: also the id of the bus message.</param>
/// <param name="Type"><c>ungroup.removal.&lt;status&gt;.v1</c>.</param>
/// <param name="Subject">The resource, or the message where no resource could be read.</param>
/// <param name="Json">The whole event, UTF-8.</param>
public sealed record OutcomeEvent(string Id, string Type, string Subject, ReadOnlyMemory<byte> Json)
{
    public const string ContentType = "application/cloudevents+json";
}
