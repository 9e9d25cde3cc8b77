using System.Text.Json;
using Ungroup.Json;
using Ungroup.Messages;

namespace Ungroup.Requests;

/// <summary>The members of a request, each read by its rule. One file, because the rules of one member ask for others.</summary>
internal sealed class RequestMembers(Dictionary<string, JsonElement> members, KnownAccounts accounts, List<RequestProblem> problems)
{
    private readonly MemberValues _values = new(members, problems);

    public static readonly IReadOnlyList<string> Names =
    [
        .. RequestJson.Default.RemovalRequest.Properties
            .Where(member => member is { Get: not null, IsExtensionData: false })
            .Select(member => member.Name)
            .Where(name => name != "regionIsDefault"),
    ];

    private static readonly (string Name, Origin Value)[] Origins =
        [("upstream", Origin.Upstream), ("incident", Origin.Incident), ("cleanup", Origin.Cleanup)];

    private static readonly (string Name, RequestAction Value)[] Actions =
        [("remove", RequestAction.Remove), ("contain", RequestAction.Contain), ("restore", RequestAction.Restore)];

    /// <summary>The actions that a member belongs to, where it does not belong to all of them.</summary>
    public static readonly IReadOnlyDictionary<string, RequestAction[]> BelongsTo = new Dictionary<string, RequestAction[]>
    {
        ["securityGroupId"] = [RequestAction.Remove],
        ["instanceId"] = [RequestAction.Remove, RequestAction.Contain],
        ["networkInterfaceId"] = [RequestAction.Remove, RequestAction.Contain],
        ["regionId"] = [RequestAction.Remove, RequestAction.Contain],
        ["isolationGroupId"] = [RequestAction.Contain],
        ["includeInterfaces"] = [RequestAction.Contain],
        ["of"] = [RequestAction.Restore],
        ["force"] = [RequestAction.Restore],
    };

    /// <summary>How far away an instant may be: a request waits on the broker, which forgets, and nobody remembers a year later who asked.</summary>
    public static readonly TimeSpan FarthestAhead = TimeSpan.FromDays(30);

    public ParsedRequest Read(RequestDoor door, string messageId, DateTimeOffset came)
    {
        var unreadable = problems.Count > 0 && members.Count == 0;
        var givenId = _values.Matching("requestId", 128, Characters.OfRequestIds, "1–128 of A-Z a-z 0-9 . _ : / -");
        var account = Account();
        if (unreadable)
        {
            return new ParsedRequest.Invalid(null, account, null, problems);
        }

        // Of an action that is none, nobody knows which members belong to it.
        RequestAction? action = door == RequestDoor.Restores && !members.ContainsKey("action") ? RequestAction.Restore : _values.Named("action", Actions);
        action = problems.Exists(problem => problem.Member == "action") ? null : action;
        RefuseAt(door, action);
        var resource = action is null || Takes("instanceId") ? Resource() : null;
        RefuseUnknown(action);
        var group = Takes("securityGroupId") ? Group("securityGroupId", "the group to leave") : null;
        var isolation = Takes("isolationGroupId") ? IsolationGroup(account) : null;
        var of = Takes("of") ? Of(givenId) : null;
        var region = Takes("regionId")
            ? Region(account, hasInterface: resource is ResourceId.NetworkInterface || members.ContainsKey("networkInterfaceId"))
            : null;
        var (notBefore, expiresAt) = Times(came);

        var request = new RemovalRequest
        {
            RequestId = (givenId ?? (members.ContainsKey("requestId") ? null : IdOf(messageId)))!,
            Account = account,
            Action = action ?? default,
            SecurityGroup = group!,
            Resource = resource!,
            IsolationGroup = isolation,
            IncludeInterfaces = Takes("includeInterfaces") && members.ContainsKey("includeInterfaces") ? _values.Flag("includeInterfaces") : null,
            Of = of,
            Force = Takes("force") && _values.Flag("force"),
            RegionId = region!,
            RegionIsDefault = Takes("regionId") && !members.ContainsKey("regionId"),
            Origin = GivenOrigin(),
            RequestedBy = _values.Free("requestedBy", 256),
            Reason = _values.Free("reason", 1024),
            NotBefore = notBefore,
            ExpiresAt = expiresAt,
            DryRun = _values.Flag("dryRun"),
        };

        return problems.Count > 0
            ? new ParsedRequest.Invalid(givenId, account, resource?.Value, problems)
            : new ParsedRequest.Accepted(request);

        bool Takes(string member) => action is { } given && BelongsTo[member].Contains(given);
    }

    private string? IdOf(string messageId)
    {
        if (messageId.Length is > 0 and <= 128 && !messageId.AsSpan().ContainsAnyExcept(Characters.OfRequestIds))
        {
            return messageId;
        }

        problems.Add(new(
            "requestId",
            $"`requestId` was missing, and the message's id {Shown.Quoted(messageId)} cannot stand in for it; expected 1–128 of A-Z a-z 0-9 . _ : / - in either."));
        return null;
    }

    private void RefuseAt(RequestDoor door, RequestAction? action)
    {
        if (door == RequestDoor.Removals && action == RequestAction.Restore)
        {
            problems.Add(new("action", "`action` was \"restore\"; expected \"remove\" or \"contain\" here: a restore comes in by POST /api/restores, which has a key of its own."));
        }
        else if (door == RequestDoor.Restores && action is { } other and not RequestAction.Restore)
        {
            problems.Add(new("action", $"`action` was \"{NameOf(other)}\"; expected \"restore\" here, or none: remove and contain come in by POST /api/removals."));
        }
    }

    private void RefuseUnknown(RequestAction? action)
    {
        foreach (var name in members.Keys.Where(name => action is { } given && BelongsTo.TryGetValue(name, out var actions) && !actions.Contains(given)))
        {
            problems.Add(new(name, $"`{name}` belongs to {string.Join(" and ", BelongsTo[name].Select(NameOf))}, and `action` was "
                + $"{(members.ContainsKey("action") ? NameOf(action!.Value) : $"left out, which means {NameOf(action!.Value)}")}; leave it out, or say which action is meant."));
        }

        problems.AddRange(members.Keys.Where(name => !Names.Contains(name))
            .Select(name => JsonMembers.Unknown(name, "a request", JsonMembers.MeantBy(name, [.. Names, RequestReader.JobId]), Names)));
    }

    public string Account()
    {
        var account = _values.Matching("account", 64, Characters.OfAccountNames, "the name of a configured account") ?? KnownAccounts.DefaultName;
        if (!accounts.Contains(account) && !problems.Exists(problem => problem.Member == "account"))
        {
            problems.Add(accounts.NotConfigured(account));
        }

        return account;
    }

    private static string NameOf(RequestAction action) => Array.Find(Actions, one => one.Value == action).Name;

    public SecurityGroupId? Group(string member, string meaning)
    {
        if (!members.TryGetValue(member, out var value))
        {
            problems.Add(new(member, $"`{member}` was missing; expected {meaning}, such as sg-bp1…."));
            return null;
        }

        if (!SecurityGroupId.TryParse(JsonText.Of(value), out var group))
        {
            problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected the id of a security group, such as sg-bp1…."));
        }

        return group;
    }

    public SecurityGroupId? IsolationGroup(string account) =>
        members.ContainsKey("isolationGroupId") || !accounts.HasIsolationGroups(account)
            ? Group("isolationGroupId", $"the group to stay in, for account {Shown.Quoted(account)} has none of its own (Accounts:{Shown.Text(account)}:IsolationGroups)")
            : null;

    private string? Of(string? requestId)
    {
        const string Member = "of";
        const string Expected = "the requestId of the contain or remove to undo";
        if (!members.ContainsKey(Member))
        {
            problems.Add(new(Member, $"`of` was missing; expected {Expected}."));
            return null;
        }

        var of = _values.Matching(Member, 128, Characters.OfRequestIds, $"{Expected}, 1–128 of A-Z a-z 0-9 . _ : / -");
        if (of is not null && of == requestId)
        {
            problems.Add(new(Member, $"`of` was the restore's own requestId; expected {Expected}."));
        }

        return of;
    }

    private ResourceId? Resource()
    {
        var isInstance = members.TryGetValue("instanceId", out var instance);
        var isInterface = members.TryGetValue("networkInterfaceId", out var card);
        if (isInstance == isInterface)
        {
            problems.Add(isInstance && IsNull(instance) != IsNull(card)
                ? LeftOut(IsNull(instance) ? "instanceId" : "networkInterfaceId", IsNull(instance) ? "networkInterfaceId" : "instanceId")
                : isInstance
                ? new("networkInterfaceId", "`instanceId` and `networkInterfaceId` were both there; expected exactly one of them.")
                : new("instanceId", "`instanceId` and `networkInterfaceId` were both missing; expected exactly one of them."));
            return null;
        }

        if (isInstance)
        {
            if (ResourceId.Instance.TryParse(JsonText.Of(instance), out var id))
            {
                return id;
            }

            problems.Add(new("instanceId", $"`instanceId` was {Shown.Value(instance)}; expected the id of an instance, such as i-bp1…."));
            return null;
        }

        if (ResourceId.NetworkInterface.TryParse(JsonText.Of(card), out var eni))
        {
            return eni;
        }

        problems.Add(new("networkInterfaceId", $"`networkInterfaceId` was {Shown.Value(card)}; expected the id of a network interface, such as eni-bp1…."));
        return null;
    }

    private static bool IsNull(JsonElement value) => value.ValueKind == JsonValueKind.Null;

    private static RequestProblem LeftOut(string empty, string other) =>
        new(empty, $"`{empty}` was null; leave it out, for `{other}` names the resource.");

    public Origin GivenOrigin() => _values.Named("origin", Origins);

    /// <summary>When it may begin, and when it ends.</summary>
    public (DateTimeOffset? NotBefore, DateTimeOffset? ExpiresAt) Times(DateTimeOffset came)
    {
        var notBefore = _values.Instant("notBefore", came + FarthestAhead);
        var expiresAt = _values.Instant("expiresAt", came + FarthestAhead);
        if (notBefore >= expiresAt)
        {
            problems.Add(new("notBefore", "`notBefore` was not before `expiresAt`; expected an earlier instant, or the request could never run."));
        }

        return (notBefore, expiresAt);
    }

    /// <param name="account">Whose region it is where none is given.</param>
    /// <param name="hasInterface">A network interface is only found with its region, which has to be given.</param>
    public string? Region(string account, bool hasInterface)
    {
        const string Member = "regionId";
        if (members.TryGetValue(Member, out var value))
        {
            if (JsonText.Of(value) is not { Length: > 0 } region)
            {
                problems.Add(new(Member, $"`regionId` was {Shown.Value(value)}; expected a region id, such as cn-hangzhou."));
                return null;
            }

            if (accounts.HasRegion(account, region))
            {
                return region;
            }

            problems.Add(new(
                Member,
                $"`regionId` was {Shown.Value(value)}, which is no region that Ungroup knows (a new one is set with Accounts:{Shown.Text(account)}:Regions); "
                    + $"did you mean {accounts.NearestRegion(account, region)}?"));
            return null;
        }

        if (hasInterface)
        {
            problems.Add(new(Member, "`regionId` was missing; a network interface is only found with its region, such as cn-hangzhou."));
            return null;
        }

        if (accounts.TryGetDefaultRegion(account, out var byDefault))
        {
            return byDefault;
        }

        problems.Add(new(
            Member,
            $"`regionId` was missing, and account {Shown.Quoted(account)} has no default region (Accounts:{Shown.Text(account)}:DefaultRegion); "
                + "expected a region id, such as cn-hangzhou."));
        return null;
    }
}
