using System.Diagnostics;
using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

/// <summary>A dry run: looks, and foretells what a removal would come to.</summary>
internal sealed class RemovalPlan(RemovalRequest request, RemovalProgress progress, EcsSession ecs, Waits waits)
{
    public async ValueTask<RemovalResult> TryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (waits.Now >= progress.Deadline)
        {
            return Ended(OutcomeStatus.Failed, Sentences.DeadlinePassed(progress, ecs.LastCode), ecs.LastCode ?? "DeadlineExceeded");
        }

        return await Membership.ReadAsync(ecs, request, progress, cancellationToken) switch
        {
            MembershipRead.Found { Membership: var found } when progress.RefuseRelatives?.Invoke(found.Relatives) is { } refused =>
                new RemovalResult.Decided(refused with { GroupsBefore = found.Groups, GroupsAfter = found.Groups }),
            MembershipRead.Found { Membership: var found } => await CheckTagsAsync(found, cancellationToken) ?? await PlanAsync(found, cancellationToken),
            MembershipRead.NotFound => Refused(Membership.NotFoundCode(request.Resource)),
            MembershipRead.Failed failed => Again(EcsCall.ReadMembership(request), failed.Reply),
            MembershipRead.Stopped stopped => stopped.Result,
            _ => throw new UnreachableException(),
        };
    }

    private Task<RemovalResult?> CheckTagsAsync(Membership found, CancellationToken cancellationToken) => new TagCheck(ecs, EcsPlace.Of(request), waits, progress)
        .CheckAsync(request.Resource.Value, found.Tags, found.InstanceId, found.Groups, request.SecurityGroup.Value, cancellationToken);

    private async Task<RemovalResult> PlanAsync(Membership membership, CancellationToken cancellationToken)
    {
        var call = EcsCall.ReadSecurityGroup(request);
        return await ecs.SendAsync(call, beginAsync: null, cancellationToken) switch
        {
            (null, { } stopped) => stopped,
            ({ Fault: null } reply, _) => Foretell(membership, GroupIn(reply)),
            ({ Code: "InvalidSecurityGroupId.NotFound" }, _) => Foretell(membership, group: null),
            ({ } reply, _) => Again(call, reply),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>In the order in which ECS is likely to look.</summary>
    private RemovalResult.Decided Foretell(Membership membership, JsonElement? group) => (request.Resource, membership) switch
    {
        _ when group is null => Refused("InvalidSecurityGroupId.NotFound", membership),
        (_, { Locks: var locks }) when locks.Contains("security") => Refused("InstanceLockedForSecurity", membership),
        (ResourceId.Instance, { Status: not (null or "Running" or "Stopped") }) => Refused("IncorrectInstanceStatus", membership),
        (ResourceId.NetworkInterface, { Status: not (null or "Available" or "InUse") }) => Refused("InvalidOperation.InvalidEniState", membership),
        (_, { Managed: true }) => Refused("InvalidOperation.EniServiceManaged", membership),
        _ when group.Value.IsTrue("ServiceManaged") => Refused("InvalidOperation.ResourceManagedByCloudProduct", membership),
        (ResourceId.NetworkInterface, { Type: "Primary" }) => Refused("InvalidOperation.InvalidEniType", membership),
        _ when !membership.Includes(request.SecurityGroup) => Planned(
            $"{request.Resource} is not a member of {request.SecurityGroup}; there would be nothing to do.", membership.Groups, membership.Groups),
        (ResourceId.Instance, { Groups.Count: 1 }) => Refused("InstanceLastSecurityGroup", membership),
        (_, { Groups.Count: 1 }) => Refused("InvalidOperation.AtLeastInOneGroup", membership),
        _ => Planned(
            $"{request.Resource} would leave {request.SecurityGroup}.",
            membership.Groups,
            [.. membership.Groups.Where(member => member != request.SecurityGroup.Value)]),
    };

    private JsonElement? GroupIn(EcsReply reply)
    {
        using var document = JsonBody.Parse(reply.Body);
        foreach (var group in document?.RootElement.List("SecurityGroups", "SecurityGroup") ?? [])
        {
            if (group.Text("SecurityGroupId") == request.SecurityGroup.Value)
            {
                return group.Clone();
            }
        }

        return null;
    }

    private RemovalResult.Decided Refused(string code, Membership? membership = null) => Ended(
        OutcomeStatus.Planned,
        Sentences.WouldRefuse(request, code, membership?.Status),
        code,
        membership?.Groups,
        membership?.Groups);

    private static RemovalResult.Decided Planned(string sentence, IReadOnlyList<string> before, IReadOnlyList<string> after) =>
        Ended(OutcomeStatus.Planned, sentence, code: null, before, after);

    private RemovalResult Again(EcsCall call, EcsReply reply) => reply.Fault switch
    {
        Fault.Permanent => Ended(OutcomeStatus.Planned, Sentences.WouldRefuse(request, reply.Code!, status: null), reply.Code),
        Fault.Unfamiliar => waits.Unfamiliar(progress.CountUnfamiliarReply()) is { } until
            ? WaitFor(until, call, reply)
            : Ended(OutcomeStatus.Failed, Sentences.Refused(reply), reply.Code),
        _ => WaitFor(waits.Postponed(progress.Postponements, reply.RetryAfter), call, reply).AfterAnotherTry(),
    };

    private RemovalResult.Wait WaitFor(DateTimeOffset until, EcsCall call, EcsReply reply) =>
        new(until, Sentences.Of(call, reply), ecs.LastCode);

    private static RemovalResult.Decided Ended(
        OutcomeStatus status, string sentence, string? code, IReadOnlyList<string>? before = null, IReadOnlyList<string>? after = null) =>
        new(new() { Status = status, Code = code, Sentence = sentence, GroupsBefore = Membership.Evidence(before), GroupsAfter = Membership.Evidence(after) });
}
