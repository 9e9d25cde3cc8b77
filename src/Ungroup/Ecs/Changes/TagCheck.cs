using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Changes;

/// <summary>Asks the guardrails about the tags of a resource and, of an interface, of its instance. Tags that cannot be read are not "no tag": the request waits.</summary>
internal sealed class TagCheck(EcsSession ecs, EcsPlace place, Waits waits, RemovalProgress progress)
{
    /// <summary>Null where ECS shows no list of tags; an empty list is one.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? TagsIn(JsonElement item) =>
        item.Find("Tags")?.Find("Tag") is { ValueKind: JsonValueKind.Array } tags
            ? [.. tags.EnumerateArray().Select(tag => KeyValuePair.Create(tag.Text("TagKey") ?? tag.Text("Key") ?? "", tag.Text("TagValue") ?? tag.Text("Value") ?? ""))]
            : null;

    /// <summary>Null where no guardrail minds the tags of a resource, nor those of the instance it is attached to, which is read for them.</summary>
    /// <param name="resource">Whose tags they are.</param>
    /// <param name="tags">As they were read; null where they were not.</param>
    /// <param name="instance">Null where it is attached to none, or its tags are asked about anyway.</param>
    /// <param name="groups">Those that it is in, for the outcome.</param>
    /// <param name="group">The one that the read is made for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<RemovalResult?> CheckAsync(
        string resource, IReadOnlyList<KeyValuePair<string, string>>? tags, string? instance, IReadOnlyList<string> groups, string group, CancellationToken cancellationToken) =>
        Check(resource, tags, groups) ?? (instance is null ? null : await CheckInstanceAsync(instance, group, groups, cancellationToken));

    private RemovalResult? Check(string resource, IReadOnlyList<KeyValuePair<string, string>>? tags, IReadOnlyList<string> groups) =>
        progress.RefuseTags is not { } refuse ? null
        : tags is null ? Unreadable(resource, "ECS shows none")
        : refuse(resource, tags) is { } refused ? new RemovalResult.Decided(refused with { GroupsBefore = groups, GroupsAfter = groups })
        : null;

    private async Task<RemovalResult?> CheckInstanceAsync(string instance, string group, IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        if (progress.RefuseTags is null)
        {
            return null;
        }

        var call = place.ReadInstance(instance, group);
        var (reply, stopped) = await ecs.SendAsync(call, beginAsync: null, cancellationToken);
        return reply switch
        {
            null => stopped,
            { Fault: null } => Membership.In(instance, reply) is MembershipRead.Found { Membership: var found } ? Check(instance, found.Tags, groups) : Unreadable(instance, "ECS does not show it"),
            _ => Unreadable(instance, Sentences.Of(call, reply)),
        };
    }

    private RemovalResult.Wait Unreadable(string resource, string why) =>
        new(waits.Postponed(progress.Postponements), $"The tags of {resource} cannot be read, and it may be protected (Guardrails:ProtectedTags): {why}.", ecs.LastCode)
        {
            For = WaitFor.Protection,
        };
}
