using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

internal sealed record Membership(IReadOnlyList<string> Groups, string? Status, bool Managed, IReadOnlyList<string> Locks, string? Type, IReadOnlyList<string> Relatives)
{
    /// <summary>Null where ECS shows no list of tags, which is not the same as none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Tags { get; init; }

    /// <summary>The instance that an interface is attached to; null where it is none's, and for an instance.</summary>
    public string? InstanceId { get; init; }

    /// <summary>The interfaces that ECS names with an instance and does not call its primary one.</summary>
    public IReadOnlyList<string> Secondaries { get; init; } = [];

    // A resource is in ten groups at most, and their ids have 25 characters.
    private const int MostKept = 32;
    private const int LongestId = 64;

    /// <summary>A reply that names no interfaces of an instance is unusable: every instance has one.</summary>
    public static async Task<MembershipRead> ReadAsync(EcsSession ecs, RemovalRequest request, RemovalProgress progress, CancellationToken cancellationToken) =>
        await ReadAsync(ecs, request, cancellationToken) switch
        {
            MembershipRead.Found { Membership.Relatives.Count: 0 } when progress.RefuseRelatives is not null && request.Resource is ResourceId.Instance =>
                new MembershipRead.Failed(new() { Code = NoReply.Unreadable, Fault = Fault.Unknown, Message = "The reply names no network interfaces" }),
            var read => read,
        };

    /// <summary>The code that a call about a resource that is not there gets.</summary>
    public static string NotFoundCode(ResourceId resource) => resource is ResourceId.Instance ? "InvalidInstanceId.NotFound" : "InvalidEniId.NotFound";

    public static IReadOnlyList<string>? Evidence(IReadOnlyList<string>? groups) => groups is { Count: > MostKept } ? [.. groups.Take(MostKept)] : groups;

    public bool Includes(SecurityGroupId group) => Groups.Contains(group.Value, StringComparer.Ordinal);

    public static async Task<MembershipRead> ReadAsync(EcsSession ecs, RemovalRequest request, CancellationToken cancellationToken) =>
        await ecs.SendAsync(EcsCall.ReadMembership(request), beginAsync: null, cancellationToken) switch
        {
            (null, { } stopped) => new MembershipRead.Stopped(stopped),
            ({ Fault: null } reply, _) => In(request.Resource.Value, reply),
            ({ Code: "InvalidInstanceId.NotFound" or "InvalidEniId.NotFound" }, _) => new MembershipRead.NotFound(),
            ({ } reply, _) => new MembershipRead.Failed(reply),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    public static MembershipRead In(string resource, EcsReply reply)
    {
        using var document = JsonBody.Parse(reply.Body);
        if (document is null)
        {
            return new MembershipRead.Failed(reply with { Code = NoReply.Unreadable, Fault = Fault.Unknown, Message = "The reply is no JSON" });
        }

        var (sets, set, id) = EcsPlace.IsInstance(resource)
            ? ("Instances", "Instance", "InstanceId")
            : ("NetworkInterfaceSets", "NetworkInterfaceSet", "NetworkInterfaceId");
        foreach (var item in document.RootElement.List(sets, set))
        {
            if (item.Text(id) == resource)
            {
                return Of(item, reply);
            }
        }

        return new MembershipRead.NotFound();
    }

    private static List<string> RelativesIn(JsonElement item) =>
    [
        .. item.List("NetworkInterfaces", "NetworkInterface").Select(card => card.Text("NetworkInterfaceId"))
            .Append(item.Text("NetworkInterfaceId") is null ? null : item.Text("InstanceId"))
            .Where(id => !string.IsNullOrEmpty(id)).OfType<string>(),
    ];

    private static MembershipRead Of(JsonElement item, EcsReply reply)
    {
        var groups = item.List("SecurityGroupIds", "SecurityGroupId").Select(group => Redaction.OneLine(JsonText.Of(group), LongestId)).OfType<string>().ToList();
        var locks = item.List("OperationLocks", "LockReason").Select(entry => entry.Text("LockReason")).OfType<string>().ToList();

        // Every resource is in at least one group: a reply that names none proves no absence.
        return groups.Count == 0
            ? new MembershipRead.Failed(reply with { Code = NoReply.Unreadable, Fault = Fault.Unknown, Message = "The reply names no groups" })
            : new MembershipRead.Found(new(groups, item.Text("Status"), item.IsTrue("ServiceManaged"), locks, item.Text("Type"), RelativesIn(item))
            {
                Tags = TagCheck.TagsIn(item),
                Secondaries = [.. item.List("NetworkInterfaces", "NetworkInterface").Where(card => card.Text("Type") != "Primary").Select(card => card.Text("NetworkInterfaceId")).OfType<string>()],
                InstanceId = item.Text("NetworkInterfaceId") is not null && item.Text("InstanceId") is { Length: > 0 } instance ? instance : null,
            });
    }
}

internal abstract record MembershipRead
{
    private MembershipRead()
    {
    }

    public sealed record Found(Membership Membership) : MembershipRead;

    /// <summary>ECS knows no such resource there, which says nothing about why.</summary>
    public sealed record NotFound : MembershipRead;

    public sealed record Failed(EcsReply Reply) : MembershipRead;

    public sealed record Stopped(RemovalResult Result) : MembershipRead;
}
