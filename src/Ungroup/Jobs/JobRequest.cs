using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>The same job id in two accounts is two jobs.</summary>
internal sealed record JobKey(string Account, string JobId)
{
    public override string ToString() => $"{Account}/{JobId}";
}

/// <summary>
/// One change for many resources, under one name: parsed, complete, immutable. The contract is in <c>docs/jobs.md</c>. Each resource
/// becomes a request of its own, <c>&lt;jobId&gt;/&lt;resource&gt;</c>.
/// </summary>
[Description("A job: one change for many resources, listed or selected, with one name, one plan and one end.")]
internal sealed record JobRequest
{
    /// <summary>The name of the job, 1–64 of <c>A-Z a-z 0-9 . _ : -</c>, unique within <see cref="Account"/>.</summary>
    [RegularExpression("^[A-Za-z0-9._:-]{1,64}$")]
    [Description("The name of the job, unique within the account.")]
    public required string JobId { get; init; }

    [RegularExpression("^[A-Za-z0-9._-]{1,64}$")]
    [Description("The name of a configured account. Default: default.")]
    public required string Account { get; init; }

    /// <summary>Remove or contain; a job that restores is made from another, and no body asks for one.</summary>
    [Description("What to do with each resource: remove or contain. Default: remove.")]
    public RequestAction Action { get; init; }

    /// <summary>The job that this one retries or restores; null of a job that somebody has written. No member of the contract.</summary>
    public string? MadeFrom { get; init; }

    /// <summary>The job whose requests are undone; null unless <see cref="Action"/> is <see cref="RequestAction.Restore"/>. No member of the contract.</summary>
    public string? Of { get; init; }

    /// <summary>It restores although others have changed the membership since; null unless it does. No member of the contract.</summary>
    public bool? Force { get; init; }

    /// <summary>The group to leave; null unless <see cref="Action"/> is <see cref="RequestAction.Remove"/>.</summary>
    [RegularExpression("^sg-[A-Za-z0-9_-]{1,60}$")]
    [Description("The group to leave; for remove.")]
    [JsonPropertyName("securityGroupId")]
    public SecurityGroupId? SecurityGroup { get; init; }

    /// <summary>The group to stay in, for contain; null where the account's is taken.</summary>
    [RegularExpression("^sg-[A-Za-z0-9_-]{1,60}$")]
    [Description("The group to stay in; for contain. Required unless the account configures isolation groups.")]
    [JsonPropertyName("isolationGroupId")]
    public SecurityGroupId? IsolationGroup { get; init; }

    [RegularExpression("^[a-z][a-z0-9-]{0,38}[a-z0-9]$")]
    [Description("The region of all resources. Required where one is a network interface, and unless the account has a default region.")]
    public required string RegionId { get; init; }

    /// <summary>The job named no region: <see cref="RegionId"/> is the account's, and not part of what was asked. No member of the contract.</summary>
    public bool RegionIsDefault { get; init; }

    [Description("Who enqueues. Default: upstream.")]
    public Origin Origin { get; init; }

    [StringLength(256)]
    [Description("Who asked; kept as evidence. Nobody of this name may approve the job.")]
    public string? RequestedBy { get; init; }

    [StringLength(1024)]
    [Description("Why; kept as evidence.")]
    public string? Reason { get; init; }

    /// <summary>In order of their ids; null where they are selected, or kept in rows of their own.</summary>
    [Description("The resources, instances and network interfaces, each once; 1 to 10,000. Either these or select.")]
    public IReadOnlyList<string>? Resources { get; init; }

    [Description("Which members of a group; instead of resources.")]
    public JobSelection? Select { get; init; }

    /// <summary>The first so many of the selected, by id; 0 means none. Null: all of them.</summary>
    [Description("The most that are taken of the selected, in order of their ids; for select.")]
    public int? Most { get; init; }

    /// <summary>Per cent of the members of the group, 0 to 100; null where nothing is too many.</summary>
    [Description("Nothing is done where more than so many per cent of the members of the group are selected, such as 10%; counted before most; for select.")]
    public int? StopIfMoreThan { get; init; }

    /// <summary>How many requests may fail before nothing more is issued, 0 to 10,000; null leaves it to the size of the plan.</summary>
    [Description("How many requests may fail: one more, and nothing more is issued. Default: a tenth of the plan, at least 5.")]
    public int? MaxFailures { get; init; }

    [Description("required: nothing is done before somebody has approved the plan. Default: none.")]
    public JobApprovalRule Approval { get; init; }

    [Description("Look, decide, change nothing. Default: false.")]
    public bool DryRun { get; init; }

    [Description("Nothing happens before this instant.")]
    public DateTimeOffset? NotBefore { get; init; }

    [Description("Nothing is issued from this instant on.")]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Members that only a later version knows; kept and written again as they are. Null where there are none.</summary>
    [JsonInclude]
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? More { get; internal set; }

    [JsonIgnore]
    public JobKey Key => new(Account, JobId);

    /// <summary>The group that each resource leaves, or stays in alone; null where the account decides.</summary>
    [JsonIgnore]
    public string? Group => (SecurityGroup ?? IsolationGroup)?.Value;

    /// <summary>The request for one resource. It names its region, so that what is read from its message is the same request.</summary>
    public RemovalRequest ChildOf(string resource) => Action == RequestAction.Restore ? Undoing(resource) : new()
    {
        RequestId = ChildId(JobId, resource),
        Account = Account,
        Action = Action,
        SecurityGroup = SecurityGroup!,
        IsolationGroup = IsolationGroup,
        Resource = ResourceId.Instance.TryParse(resource, out var instance) ? instance
            : ResourceId.NetworkInterface.TryParse(resource, out var card) ? card
            : throw new FormatException($"A job is about '{resource}', which is no resource."),
        RegionId = RegionId,
        Origin = Origin,
        RequestedBy = RequestedBy,
        Reason = Reason,
        ExpiresAt = ExpiresAt,
        DryRun = DryRun,
    };

    // A restore is done where the request was that it names.
    private RemovalRequest Undoing(string resource) => new()
    {
        RequestId = ChildId(JobId, resource),
        Account = Account,
        Action = Action,
        Of = ChildId(Of!, resource),
        Force = Force is true,
        Origin = Origin,
        RequestedBy = RequestedBy,
        Reason = Reason,
        ExpiresAt = ExpiresAt,
        DryRun = DryRun,
    };

    public static string ChildId(string jobId, string resource) => $"{jobId}/{resource}";
}

/// <summary>Members of a group, by their tags.</summary>
internal sealed record JobSelection
{
    [RegularExpression("^sg-[A-Za-z0-9_-]{1,60}$")]
    [Description("The group whose members are looked at.")]
    public required SecurityGroupId MemberOf { get; init; }

    [Description("Only those that have all of these tags. Keys and values count letter by letter.")]
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    [Description("None that has any of these tags; of an interface, its instance's count too.")]
    public IReadOnlyDictionary<string, string>? ExceptTags { get; init; }
}

/// <summary>Whether somebody has to approve the plan.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobApprovalRule>))]
internal enum JobApprovalRule
{
    [JsonStringEnumMemberName("none")]
    None,

    [JsonStringEnumMemberName("required")]
    Required,
}
