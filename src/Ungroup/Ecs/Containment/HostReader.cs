using System.Globalization;
using System.Text.Json;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Json;
using Ungroup.Messages;

namespace Ungroup.Ecs.Containment;

/// <summary>
/// Looks at a host. An instance's primary interface is read with the instance, the others by a list of their own and, where ECS names one
/// only with the instance, one by one: an interface that a product manages is in no list.
/// </summary>
internal sealed class HostReader(EcsSession ecs, EcsPlace place, Waits waits, RemovalProgress progress, string group)
{
    private const int LongestText = 64;

    /// <param name="resource">An <c>i-…</c>, or an <c>eni-…</c>: a primary one is its instance.</param>
    /// <param name="withSecondaries">Whether an instance's other interfaces are concerned too.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<HostRead> ReadAsync(string resource, bool withSecondaries, CancellationToken cancellationToken)
    {
        var began = waits.Clock.GetTimestamp();
        return await ReadHostAsync(resource, withSecondaries, cancellationToken) is var read && read is HostRead.Found { Host: var host }
            ? new HostRead.Found(host with { Interfaces = [.. host.Interfaces.Select(seen => seen with { ReadAt = began })] })
            : read;
    }

    private async Task<HostRead> ReadHostAsync(string resource, bool withSecondaries, CancellationToken cancellationToken)
    {
        if (EcsPlace.IsInstance(resource))
        {
            return await ReadInstanceAsync(resource, withSecondaries, cancellationToken);
        }

        var (items, stopped) = await ReadAsync(place.ReadInterface(resource, group), "NetworkInterfaceSets", "NetworkInterfaceSet", cancellationToken);
        return stopped is not null ? stopped
            : items.Find(item => item.Text("NetworkInterfaceId") == resource) is not { ValueKind: JsonValueKind.Object } card ? new HostRead.NotFound("InvalidEniId.NotFound")
            : card.Text("Type") == "Primary" && InstanceOf(card) is { } instance ? await ReadInstanceAsync(instance, withSecondaries, cancellationToken)
            : GroupsIn(card).Count == 0 ? Again(place.ReadInterface(resource, group), Unreadable("The reply names no groups"))
            : new HostRead.Found(new(InstanceOf(card), card.Text("VpcId"), [ViewOf(card)], []));
    }

    private async Task<HostRead> ReadInstanceAsync(string resource, bool withSecondaries, CancellationToken cancellationToken)
    {
        var call = place.ReadInstance(resource, group);
        var (items, stopped) = await ReadAsync(call, "Instances", "Instance", cancellationToken);
        if (stopped is not null)
        {
            return stopped;
        }

        if (items.Find(item => item.Text("InstanceId") == resource) is not { ValueKind: JsonValueKind.Object } instance)
        {
            return new HostRead.NotFound("InvalidInstanceId.NotFound");
        }

        // Every instance is in at least one group: a reply that names none proves nothing.
        var groups = GroupsIn(instance);
        if (groups.Count == 0)
        {
            return Again(call, Unreadable("The reply names no groups"));
        }

        var named = instance.List("NetworkInterfaces", "NetworkInterface").Select(card => card.Text("NetworkInterfaceId")).OfType<string>().ToList();
        var (cards, unread) = await ReadCardsAsync(resource, named, withSecondaries, cancellationToken);
        if (unread is not null)
        {
            return unread;
        }

        var primary = cards.Find(card => card.Text("Type") == "Primary");
        var view = (primary.ValueKind == JsonValueKind.Object ? ViewOf(primary) : new InterfaceView(resource, groups)) with
        {
            Resource = resource,
            Groups = groups,
            InstanceId = resource,
            Tags = TagCheck.TagsIn(instance),
            Locks = [.. instance.List("OperationLocks", "LockReason").Select(entry => entry.Text("LockReason")).OfType<string>()],
        };
        List<InterfaceView> secondaries = withSecondaries ? [.. cards.Where(card => card.Text("Type") != "Primary").Select(ViewOf)] : [];
        var unseen = withSecondaries
            ? named.Except(cards.Select(card => card.Text("NetworkInterfaceId")).OfType<string>(), StringComparer.Ordinal)
                .Where(id => !IsPrimary(instance, id)).Select(id => new InterfaceView(id, []) { NetworkInterfaceId = id, InstanceId = resource })
            : [];
        return new HostRead.Found(new(
            resource,
            instance.Find("VpcAttributes")?.Text("VpcId") is { Length: > 0 } vpc ? vpc : view.VpcId,
            [view, .. secondaries.Concat(unseen).OrderBy(card => card.Resource, StringComparer.Ordinal)],
            HostFacts.In(instance))
        {
            Attached = [.. named.Concat(cards.Select(card => card.Text("NetworkInterfaceId")).OfType<string>()).Distinct(StringComparer.Ordinal)],
        });
    }

    private async Task<(List<JsonElement> Cards, HostRead? Stopped)> ReadCardsAsync(
        string instance, List<string> named, bool all, CancellationToken cancellationToken)
    {
        List<JsonElement> cards = [];
        string? next = null;
        do
        {
            var call = place.ReadInterfacesOf(instance, next, group);
            var (page, stopped) = await ReadAsync(call, "NetworkInterfaceSets", "NetworkInterfaceSet", cancellationToken, token => next = token);
            if (stopped is not null)
            {
                return ([], stopped);
            }

            cards.AddRange(page);
        }
        while (next is not null);

        List<string> missing = all ? [.. named.Except(cards.Select(card => card.Text("NetworkInterfaceId")).OfType<string>(), StringComparer.Ordinal)] : [];
        if (missing.Count > 0)
        {
            var (page, stopped) = await ReadAsync(place.ReadInterfaces(missing, instance, group), "NetworkInterfaceSets", "NetworkInterfaceSet", cancellationToken);
            if (stopped is not null)
            {
                return ([], stopped);
            }

            cards.AddRange(page.Where(card => missing.Contains(card.Text("NetworkInterfaceId") ?? "")));
        }

        return (cards, null);
    }

    private async Task<(List<JsonElement> Items, HostRead? Stopped)> ReadAsync(
        EcsCall call, string sets, string set, CancellationToken cancellationToken, Action<string?>? next = null)
    {
        var (reply, stopped) = await ecs.SendAsync(call, beginAsync: null, cancellationToken);
        if (reply is null)
        {
            return ([], new HostRead.Stopped(stopped!));
        }

        if (reply.Fault is not null)
        {
            return reply.Code is "InvalidInstanceId.NotFound" or "InvalidEniId.NotFound" ? ([], new HostRead.NotFound(reply.Code)) : ([], Again(call, reply));
        }

        using var document = JsonBody.Parse(reply.Body);
        if (document is null)
        {
            return ([], Again(call, Unreadable("The reply is no JSON")));
        }

        next?.Invoke(document.RootElement.Text("NextToken") is { Length: > 0 } token ? token : null);
        return ([.. document.RootElement.List(sets, set).Select(item => item.Clone())], null);
    }

    private HostRead.Stopped Again(EcsCall call, EcsReply reply)
    {
        var wait = new RemovalResult.Wait(waits.Postponed(progress.Postponements, reply.RetryAfter), Sentences.Of(call, reply), ecs.LastCode);
        return new(reply.Fault is Fault.Permanent or Fault.Unfamiliar
            ? waits.Unfamiliar(progress.CountUnfamiliarReply()) is { } until
                ? wait with { Until = until }
                : new RemovalResult.Decided(new() { Status = OutcomeStatus.Failed, Code = reply.Code, Sentence = Sentences.Refused(reply) })
            : reply.RetryAfter > waits.LongestInPlace ? wait : wait.AfterAnotherTry(reply.RetryAfter));
    }

    private static EcsReply Unreadable(string message) => new() { Code = NoReply.Unreadable, Fault = Fault.Unknown, Message = message };

    private static InterfaceView ViewOf(JsonElement card) => new(card.Text("NetworkInterfaceId") ?? "", GroupsIn(card))
    {
        NetworkInterfaceId = card.Text("NetworkInterfaceId"),
        InstanceId = InstanceOf(card),
        MacAddress = Redaction.OneLine(card.Text("MacAddress"), LongestText),
        VpcId = card.Text("VpcId"),
        Tags = TagCheck.TagsIn(card),
        Addresses = AddressesIn(card),
        IdleSeconds = card.Find("ConnectionTrackingConfiguration")?.Find("TcpEstablishedTimeout") switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out var seconds) => seconds,
            { ValueKind: JsonValueKind.String } text when int.TryParse(text.GetString(), CultureInfo.InvariantCulture, out var seconds) => seconds,
            _ => null,
        },
    };

    private static string? InstanceOf(JsonElement card) =>
        card.Find("Attachment")?.Text("InstanceId") is { Length: > 0 } attached ? attached : card.Text("InstanceId") is { Length: > 0 } named ? named : null;

    private static bool IsPrimary(JsonElement instance, string id) => instance.List("NetworkInterfaces", "NetworkInterface")
        .Any(card => card.Text("NetworkInterfaceId") == id && card.Text("Type") == "Primary");

    private static List<string> GroupsIn(JsonElement item) =>
        [.. item.List("SecurityGroupIds", "SecurityGroupId").Select(group => Redaction.OneLine(JsonText.Of(group), LongestText)).OfType<string>()];

    private static List<string> AddressesIn(JsonElement card) =>
    [
        .. card.List("PrivateIpSets", "PrivateIpSet").SelectMany(set => (string?[])[set.Text("PrivateIpAddress"), set.Find("AssociatedPublicIp")?.Text("PublicIpAddress")])
            .Append(card.Find("AssociatedPublicIp")?.Text("PublicIpAddress")).Prepend(card.Text("PrivateIpAddress"))
            .Concat(card.List("Ipv6Sets", "Ipv6Set").Select(set => set.Text("Ipv6Address")))
            .Where(address => !string.IsNullOrEmpty(address)).Select(address => Redaction.OneLine(address, LongestText)).OfType<string>().Distinct(StringComparer.Ordinal),
    ];
}
