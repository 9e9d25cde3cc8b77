using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Ungroup.Json;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>The members of a job; those that it shares with a request are read as a request's are.</summary>
internal sealed class JobMembers(Dictionary<string, JsonElement> members, RequestMembers shared, List<RequestProblem> problems)
{
    private const int LongestRequestId = 128;

    public const string ExpectedJobId = "1–64 of A-Z a-z 0-9 . _ : -";

    private const int LongestJobId = 64;

    public static readonly SearchValues<char> OfJobIds = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>Whether a text may be the name of a job.</summary>
    public static bool IsJobId([NotNullWhen(true)] string? text) => text is { Length: > 0 and <= LongestJobId } && !text.AsSpan().ContainsAnyExcept(OfJobIds);

    private static readonly (string Name, RequestAction Value)[] Actions = [("remove", RequestAction.Remove), ("contain", RequestAction.Contain)];

    private static readonly (string Name, JobApprovalRule Value)[] ApprovalRules = [("none", JobApprovalRule.None), ("required", JobApprovalRule.Required)];

    public static readonly IReadOnlyList<string> Names =
    [
        "jobId", "account", "action", "securityGroupId", "isolationGroupId", "regionId", "origin", "requestedBy", "reason", "resources", "select",
        "most", "stopIfMoreThan", "maxFailures", "approval", "dryRun", "notBefore", "expiresAt",
    ];

    private readonly MemberValues _values = new(members, problems);

    public ParsedJob Read(string account, DateTimeOffset came)
    {
        var jobId = JobId();
        var action = _values.Named("action", Actions);
        var isAction = !problems.Exists(problem => problem.Member == "action");
        RefuseUnknown(action, isAction);
        var (resources, select) = What(jobId);
        var (notBefore, expiresAt) = shared.Times(came);
        var job = new JobRequest
        {
            JobId = jobId!,
            Account = account,
            Action = action,
            SecurityGroup = isAction && action == RequestAction.Remove ? shared.Group("securityGroupId", "the group to leave") : null,
            IsolationGroup = isAction && action == RequestAction.Contain ? shared.IsolationGroup(account) : null,
            RegionId = shared.Region(account, hasInterface: resources?.Any(resource => resource.StartsWith("eni-", StringComparison.Ordinal)) ?? false)!,
            RegionIsDefault = !members.ContainsKey("regionId"),
            Origin = shared.GivenOrigin(),
            RequestedBy = _values.Free("requestedBy", 256),
            Reason = _values.Free("reason", 1024),
            Resources = resources,
            Select = select,
            Most = OfSelect("most", () => Whole("most", JobReader.MostResources)),
            StopIfMoreThan = OfSelect("stopIfMoreThan", Percent),
            MaxFailures = Whole("maxFailures", JobReader.MostResources),
            Approval = _values.Named("approval", ApprovalRules),
            DryRun = _values.Flag("dryRun"),
            NotBefore = notBefore,
            ExpiresAt = expiresAt,
        };
        return problems.Count > 0 ? new ParsedJob.Invalid(jobId, account, problems) : new ParsedJob.Accepted(job);
    }

    private string? JobId()
    {
        const string Member = "jobId";
        if (members.ContainsKey(Member))
        {
            return _values.Matching(Member, LongestJobId, OfJobIds, ExpectedJobId);
        }

        problems.Add(new(Member, "`jobId` was missing; expected a name for the job, 1–64 of A-Z a-z 0-9 . _ : -."));
        return null;
    }

    private void RefuseUnknown(RequestAction action, bool isAction)
    {
        foreach (var name in members.Keys.Where(name => !Names.Contains(name)))
        {
            problems.Add(
                name == "requestId" ? new(name, "`requestId` is not a member of a job, which makes one for each resource; expected only its `jobId`.")
                : name is "instanceId" or "networkInterfaceId" ? new(name, $"`{name}` is not a member of a job; expected the resource in `resources`.")
                : JsonMembers.Unknown(name, "a job", JsonMembers.MeantBy(name, Names), Names));
        }

        var other = action == RequestAction.Remove ? "isolationGroupId" : "securityGroupId";
        if (isAction && members.ContainsKey(other))
        {
            problems.Add(new(other, $"`{other}` belongs to {(action == RequestAction.Remove ? "contain" : "remove")}, and `action` was "
                + $"{(members.ContainsKey("action") ? NameOf(action) : $"left out, which means {NameOf(action)}")}; leave it out, or say which action is meant."));
        }
    }

    private (IReadOnlyList<string>? Resources, JobSelection? Select) What(string? jobId)
    {
        var (isList, isSelect) = (members.TryGetValue("resources", out var list), members.TryGetValue("select", out var select));
        if (isList == isSelect)
        {
            problems.Add(new("resources", $"`resources` and `select` were both {(isList ? "there" : "missing")}; expected exactly one of them."));
        }

        return (isList ? Resources(list, jobId) : null, isSelect ? new SelectionMembers(select, problems).Read() : null);
    }

    private List<string>? Resources(JsonElement list, string? jobId)
    {
        const string Member = "resources";
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is < 1 or > JobReader.MostResources)
        {
            var came = list.ValueKind == JsonValueKind.Array ? $"a list of {list.GetArrayLength():N0}" : Shown.Value(list);
            problems.Add(new(Member, $"`{Member}` was {came}; expected a list of 1 to {JobReader.MostResources:N0} ids of instances and network interfaces."));
            return null;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (at, item) in list.EnumerateArray().Index())
        {
            if (JsonText.Of(item) is not { } id || !(ResourceId.HasForm(id, "i-") || ResourceId.HasForm(id, "eni-")))
            {
                problems.Add(new(Member, $"`{Member}[{at}]` was {Shown.Value(item)}; expected the id of an instance or a network interface, such as i-bp1… or eni-bp1…."));
            }
            else if (!seen.Add(id))
            {
                problems.Add(new(Member, $"`{Member}[{at}]` was {Shown.Quoted(id)}, which is named before; expected each resource once."));
            }
            else if (jobId is not null && JobRequest.ChildId(jobId, id).Length > LongestRequestId)
            {
                problems.Add(new(Member, $"`{Member}[{at}]` makes a requestId of more than {LongestRequestId} characters with this jobId; expected a shorter jobId."));
            }
        }

        return [.. seen.Order(StringComparer.Ordinal)];
    }

    private T? OfSelect<T>(string member, Func<T?> read)
        where T : struct
    {
        if (members.ContainsKey(member) && !members.ContainsKey("select"))
        {
            problems.Add(new(member, $"`{member}` belongs to `select`, and the resources were listed; leave it out, or select them."));
            return null;
        }

        return read();
    }

    private int? Whole(string member, int most)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= 0 && number <= most)
        {
            return number;
        }

        problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected {Shown.Optional(value, $"a whole number, 0 to {most:N0}")}."));
        return null;
    }

    private int? Percent()
    {
        const string Member = "stopIfMoreThan";
        if (!members.TryGetValue(Member, out var value))
        {
            return null;
        }

        if (JsonText.Of(value) is [.. { Length: > 0 and <= 3 } digits, '%']
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100 && percent.ToString(CultureInfo.InvariantCulture) == digits)
        {
            return percent;
        }

        problems.Add(new(Member, $"`{Member}` was {Shown.Value(value)}; expected {Shown.Optional(value, "whole per cent of the members of the group, \"0%\" to \"100%\"")}."));
        return null;
    }

    private static string NameOf(RequestAction action) => Array.Find(Actions, one => one.Value == action).Name;
}
