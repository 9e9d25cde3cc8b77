using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Cli.Sandbox.Lines;

/// <summary>Tells which lines are jobs, as the worker would read them. Accounts, regions and times are the worker's to judge.</summary>
internal static class JobLine
{
    private static readonly RequestReader Requests = new(KnownAccounts.Unchecked);
    private static readonly JobReader Jobs = new(KnownAccounts.Unchecked);

    /// <summary>Null for a request, and for a job that is rejected in any case.</summary>
    public static JobKey? KeyOf(Delivery delivery) =>
        Requests.Read(delivery) is ParsedRequest.Job && Jobs.Read(delivery, RequestReader.LongestBody) is ParsedJob.Accepted { Job: var job } ? job.Key : null;

    public static JobKey? KeyOf(ReadOnlyMemory<byte> body) =>
        KeyOf(new Delivery { MessageId = "", Body = body, ContentType = "application/json", EnqueuedAt = RequestLine.Whenever });
}
