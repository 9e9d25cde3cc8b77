using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Simulation.Plan;

/// <summary>A message somebody sends, and what there is to know about it beforehand.</summary>
internal sealed class Letter
{
    private static readonly RequestReader Reader = new(Ids.Accounts);

    /// <param name="messageId">Its id.</param>
    /// <param name="body">Its body.</param>
    /// <param name="properties">Written on it by its sender, or by somebody who sent it again.</param>
    /// <param name="isCopyOf">The message whose copy it is in truth, and whose id may be its key; null where it is none.</param>
    /// <param name="isOfJobs">Whether it goes to the queue of jobs.</param>
    public Letter(string messageId, byte[] body, IReadOnlyDictionary<string, object?>? properties = null, string? isCopyOf = null, bool isOfJobs = false)
    {
        (MessageId, Body, Properties) = (messageId, body, properties ?? new Dictionary<string, object?>());
        if (isOfJobs)
        {
            Drives = DriverMessage.KeyIn(body);
            return;
        }

        var read = Reader.Read(new()
        {
            MessageId = isCopyOf ?? messageId,
            Body = body,
            ContentType = "application/json",
            EnqueuedAt = Time.Schedule.Start,
            Properties = Properties,
        });
        if (read is ParsedRequest.Job)
        {
            Job = JobDraft.Read(body);
            return;
        }

        Request = (read as ParsedRequest.Accepted)?.Request;
        Hash = Request is null ? null : PayloadHash.Of(Request);
        Key = Request is null ? null : new(Request.Account, Request.RequestId);
    }

    public string MessageId { get; }

    public byte[] Body { get; }

    public IReadOnlyDictionary<string, object?> Properties { get; }

    /// <summary>Null where the body is no request.</summary>
    public RemovalRequest? Request { get; }

    public string? Hash { get; }

    /// <summary>Null where the body is no job.</summary>
    public JobRequest? Job { get; }

    /// <summary>The job that it drives; null where it is none of the queue of jobs.</summary>
    public JobKey? Drives { get; }

    public LedgerKey? Key { get; }

    public override string ToString() => $"{MessageId} {System.Text.Encoding.UTF8.GetString(Body)}"
        + string.Concat(Properties.Select(property => $" {property.Key}={Requests.Shown.Text(property.Value?.ToString() ?? "")}"));
}
