using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Simulation.Plan;

/// <summary>A message somebody sends, and what there is to know about it beforehand.</summary>
internal sealed class Letter
{
    private static readonly RequestReader Reader = new(Ids.Accounts);

    public Letter(string messageId, byte[] body)
    {
        (MessageId, Body) = (messageId, body);
        var read = Reader.Read(new() { MessageId = messageId, Body = body, ContentType = "application/json", EnqueuedAt = Time.Schedule.Start });
        Request = (read as ParsedRequest.Accepted)?.Request;
        Hash = Request is null ? null : PayloadHash.Of(Request);
        Key = Request is null ? null : new(Request.Account, Request.RequestId);
    }

    public string MessageId { get; }

    public byte[] Body { get; }

    /// <summary>Null where the body is no request.</summary>
    public RemovalRequest? Request { get; }

    public string? Hash { get; }

    public LedgerKey? Key { get; }

    public override string ToString() => $"{MessageId} {System.Text.Encoding.UTF8.GetString(Body)}";
}
