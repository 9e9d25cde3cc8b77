using System.Collections.Concurrent;
using System.Text.Json;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Containment;

/// <summary>Looks at isolation groups, each once an hour: whether a resource can be in it, and what it leaves open.</summary>
internal sealed class IsolationGroups(TimeProvider clock)
{
    private const int MostReads = 2;

    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<(EcsPlace Place, string Group), (DateTimeOffset At, IsolationGroup Group)> _known = new();

    public async Task<IsolationGroup> ReadAsync(EcsSession ecs, EcsPlace place, string group, string resource, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((place, group), out var known) && clock.GetUtcNow() - known.At is var age && age >= TimeSpan.Zero && age < Fresh)
        {
            return known.Group;
        }

        var (read, isSure) = await ReadFreshAsync(ecs, place, group, resource, cancellationToken);
        if (isSure)
        {
            _known[(place, group)] = (clock.GetUtcNow(), read);
        }

        return read;
    }

    private static async Task<(IsolationGroup Group, bool IsSure)> ReadFreshAsync(
        EcsSession ecs, EcsPlace place, string group, string resource, CancellationToken cancellationToken)
    {
        List<JsonElement> rules = [];
        JsonElement? first = null;
        string? next = null;
        do
        {
            var (reply, why) = await SendAsync(ecs, place.ReadRules(group, next, resource), cancellationToken);
            if (reply?.Code == "InvalidSecurityGroupId.NotFound")
            {
                return (IsolationGroup.NotThere(group), true);
            }

            using var document = reply is { Fault: null } ? JsonBody.Parse(reply.Body) : null;
            if (document is null)
            {
                return (IsolationGroup.Unreadable(group, why ?? "the reply was no JSON."), false);
            }

            first ??= document.RootElement.Clone();
            rules.AddRange(document.RootElement.List("Permissions", "Permission").Select(rule => rule.Clone()));
            next = document.RootElement.Text("NextToken") is { Length: > 0 } token && token != next ? token : null;
        }
        while (next is not null);

        var (listing, _) = await SendAsync(ecs, place.ReadGroup(group, resource), cancellationToken);
        using var listed = listing is { Fault: null } ? JsonBody.Parse(listing.Body) : null;
        var entry = listed?.RootElement.List("SecurityGroups", "SecurityGroup").FirstOrDefault(item => item.Text("SecurityGroupId") == group);
        return (IsolationGroup.Of(group, first.Value, rules, entry is { ValueKind: JsonValueKind.Object } ? entry : null), true);
    }

    /// <summary>A containment does not wait for this: what ECS does not say at once is not known.</summary>
    private static async Task<(EcsReply? Reply, string? Why)> SendAsync(EcsSession ecs, EcsCall call, CancellationToken cancellationToken)
    {
        for (var reads = 1; ; reads++)
        {
            var (reply, stopped) = await ecs.SendAsync(call, beginAsync: null, cancellationToken);
            if (reply is null)
            {
                return (null, (stopped as RemovalResult.Wait)?.Why);
            }

            if (reply.Fault is null || reads == MostReads || reply.Fault is not (Fault.Transient or Fault.Unknown))
            {
                return (reply, reply.Fault is null ? null : Sentences.Of(call, reply));
            }
        }
    }
}
