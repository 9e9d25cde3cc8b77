using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ungroup.Jobs;

/// <summary>How far a job is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobState>))]
internal enum JobState
{
    /// <summary>It has not begun: <c>notBefore</c> has not come, or nobody has taken it up.</summary>
    Scheduled,

    Planning,

    /// <summary>The plan is made, and nothing is done before somebody has approved it.</summary>
    AwaitingApproval,

    Running,

    /// <summary>Nothing more is issued; what was issued is ended.</summary>
    Stopping,

    Ended,
}

/// <summary>How a job ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobEnd>))]
internal enum JobEnd
{
    /// <summary>Every request of the plan was issued and has ended, whatever it ended as.</summary>
    Completed,

    /// <summary>Too many requests failed, or too many members were selected, and something is left undone.</summary>
    Stopped,

    Cancelled,

    Expired,

    /// <summary>By somebody who was asked to approve it.</summary>
    Rejected,

    /// <summary>It could not be planned.</summary>
    Failed,
}

/// <summary>Which events of a job the bus has.</summary>
[Flags]
internal enum JobEvents
{
    None = 0,

    Planned = 1,

    AwaitingApproval = 2,

    Ended = 4,
}

/// <summary>The durable part of one job beside its rows. A new property is a new member of the stored document, and nothing else.</summary>
internal sealed record JobHead
{
    /// <summary>As it was asked; its resources are in rows of their own.</summary>
    public required JobRequest Request { get; init; }

    /// <summary>Of the request with its resources.</summary>
    public required string RequestHash { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Somebody has to approve the plan, because the request or a guardrail says so.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>
    /// The queue that its requests go to, which is the one that it came by: who may not send incidents has none sent by a job. Null where it
    /// came by none, and its origin decides.
    /// </summary>
    public string? Queue { get; init; }

    /// <summary>Tenant and object of whoever asked for it, who may not approve it; null where that was not proven.</summary>
    public string? Submitter { get; init; }

    /// <summary>How many resources were listed.</summary>
    public int Listed { get; init; }

    public JobState State { get; init; }

    /// <summary>How it ended, or will end once what was issued has ended; null while neither is known.</summary>
    public JobEnd? EndedAs { get; init; }

    /// <summary>A sentence that says why it ended so; null where there is nothing to say.</summary>
    public string? Why { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public Planning? Planning { get; init; }

    public JobPlan? Plan { get; init; }

    /// <summary>The portion that is under way; null where none is.</summary>
    public Portion? Open { get; init; }

    /// <summary>How many portions have been closed.</summary>
    public int Closed { get; init; }

    /// <summary>The place in the plan of the first resource of no portion yet, from 0.</summary>
    public int Next { get; init; }

    /// <summary>The outcomes of all closed portions.</summary>
    public JobCounts Counts { get; init; } = JobCounts.None;

    public Decision? Cancel { get; init; }

    public Approval? Approval { get; init; }

    public JobEvents Told { get; init; }

    /// <summary>The delivery that drives the job next; every other lets its message go.</summary>
    public required DriverTurn Turn { get; init; }

    /// <summary>The driver that has it now; null where none has.</summary>
    public string? Owner { get; init; }

    /// <summary>Grows with every new owner.</summary>
    public int Epoch { get; init; }

    /// <summary>Counted from the write of the head by the store's own clock.</summary>
    public TimeSpan LeaseFor { get; init; }

    /// <summary>Members that only a later version knows, written again as they are.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; internal set; }

    /// <summary>Its plan has to be approved, whether that is done already or not.</summary>
    [JsonIgnore]
    public bool IsForApproval => NeedsApproval && Plan is { Count: > 0 };

    [JsonIgnore]
    public int NotStarted => (Plan?.Count ?? 0) - Next;
}

/// <summary>A message of the driver, and when it is expected. A job is driven by one chain of messages at a time.</summary>
/// <param name="MessageId">The id that its copies keep.</param>
/// <param name="Postponements">How often it was postponed before.</param>
/// <param name="At">When it should come.</param>
internal sealed record DriverTurn(string MessageId, int Postponements, DateTimeOffset At);

/// <summary>How far the planning of a job is. Its pages are rows; those of an earlier listing are not read again.</summary>
internal sealed record Planning
{
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>From 1; another one begins where a list was not whole.</summary>
    public int Listing { get; init; } = 1;

    /// <summary>The list that is read: 0 of instances, 1 of interfaces.</summary>
    public int List { get; init; }

    /// <summary>How many pages have been read.</summary>
    public int Pages { get; init; }

    /// <summary>Where the next page begins: ECS's token, null for the first page of a list.</summary>
    public string? Token { get; init; }

    /// <summary>How many members ECS says that the lists have that are read to their ends.</summary>
    public int Expected { get; init; }

    /// <summary>The place of the next resource that was listed by the sender.</summary>
    public int Next { get; init; }
}

/// <summary>Something that a person decided about a job.</summary>
/// <param name="By">Who, as far as that is known.</param>
/// <param name="At">When.</param>
/// <param name="Reason">Why; null where nothing was said.</param>
internal sealed record Decision(string By, DateTimeOffset At, string? Reason = null);

/// <summary>The decision of somebody who was asked to approve a plan.</summary>
/// <param name="Plan">The hash of the plan that was decided about.</param>
/// <param name="IsApproved">Or rejected.</param>
/// <param name="Decision">Who, when and why.</param>
/// <param name="Door">By which way it came.</param>
/// <param name="IsVerified">Whether the name was proven, and not only said.</param>
internal sealed record Approval(string Plan, bool IsApproved, Decision Decision, string Door, bool IsVerified = false)
{
    /// <summary>Tenant and object of a name that was proven; null where it was only said.</summary>
    public string? Subject { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(JobHead))]
[JsonSerializable(typeof(PlanItem[]))]
[JsonSerializable(typeof(FoundMember[]))]
[JsonSerializable(typeof(ChildResult[]))]
[JsonSerializable(typeof(string[]))]
internal sealed partial class JobJson : JsonSerializerContext;
