using System.Diagnostics.CodeAnalysis;
using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>
/// The function app's messages to the broker, duplicates included, which no subscriber sees: outcome events and postponed copies. Keeps
/// nothing for a worker in this process, which tells of them itself.
/// </summary>
internal sealed class SentMessages(SandboxHostKind host)
{
    private static readonly RequestReader Reader = new(KnownAccounts.Unchecked);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _copies = [];
    private readonly Dictionary<string, SentEvent> _byMessage = [];
    private readonly Dictionary<(string Account, string RequestId), SentEvent> _byKey = [];

    private readonly Dictionary<JobKey, OutcomeEvent> _jobs = [];

    public Action EventSent { get; set; } = () => { };

    public void Add(SentMessage sent)
    {
        if (host != SandboxHostKind.Functions)
        {
            return;
        }

        if (sent is { ScheduledFor: { } due, Id: { } id })
        {
            lock (_gate)
            {
                _copies[id] = due;
            }
        }
        else if (sent.Entity == Cloud.Outcomes && SentEvent.TryRead(sent, out var read))
        {
            Add(read);
            EventSent();
        }
        else if (sent.Entity == Cloud.Outcomes && SentEvent.OfJob(sent) is { News.IsEnd: true } end)
        {
            lock (_gate)
            {
                _jobs[end.News.Job] = end.Event;
            }
        }
    }

    /// <summary>The event of a job's end; null while it has not ended.</summary>
    public OutcomeEvent? EndOf(JobKey job)
    {
        lock (_gate)
        {
            return _jobs.GetValueOrDefault(job);
        }
    }

    /// <summary>Its copy tells a postponed message from one that has ended.</summary>
    public bool TryTakeCopy(Delivery delivery, out DateTimeOffset due)
    {
        lock (_gate)
        {
            return _copies.Remove(PostponedCopy.IdOf(delivery.MessageId, delivery.Postponements + 1), out due);
        }
    }

    /// <summary>The event of the message, or else that of its request, which another message had brought before.</summary>
    public bool TryFindEvent(Delivery delivery, [NotNullWhen(true)] out SentEvent? found)
    {
        lock (_gate)
        {
            return _byMessage.TryGetValue(delivery.MessageId, out found)
                || (Reader.Read(delivery) is ParsedRequest.Accepted { Request: var request }
                    && _byKey.TryGetValue((request.Account, request.RequestId), out found));
        }
    }

    private void Add(SentEvent read)
    {
        lock (_gate)
        {
            _byMessage[read.MessageId] = read;
            if (read is { IsRejection: false, RequestId: { } requestId })
            {
                _byKey[(read.Account, requestId)] = read;
            }
        }
    }
}
