using Ungroup.Ecs.Wire;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

/// <summary>
/// The groups of a resource before and after a removal, read beside it: no call waits for these reads, and nothing is decided by them. What
/// they cannot say is a warning.
/// </summary>
internal sealed class RemovalEvidence(RemovalRequest request, EcsSession ecs)
{
    private Task<(IReadOnlyList<string>? Groups, string? Why)>? _before;

    /// <summary>Begins the first read. Its answer is waited for behind the call.</summary>
    public void Begin() => _before ??= ReadAsync();

    /// <summary>The outcome with its evidence. Where the message is somebody else's by now, nothing more is read.</summary>
    public async Task<Outcome> AddToAsync(Outcome outcome, CancellationToken cancellationToken)
    {
        var before = _before is null ? (Groups: null, Why: "no call was made.") : await _before;
        var after = cancellationToken.IsCancellationRequested ? (Groups: null, Why: EcsSession.LetGo) : await ReadAsync();
        var group = request.SecurityGroup.Value;
        List<string> warnings = [];
        if (outcome.GroupsBefore is null && before.Groups is null && _before is not null)
        {
            warnings.Add($"The groups before could not be read: {before.Why}");
        }

        if (outcome.GroupsAfter is null && after.Groups is null)
        {
            warnings.Add($"The groups after could not be read: {after.Why}");
        }

        var isOut = outcome.Status is OutcomeStatus.Removed or OutcomeStatus.AlreadyAbsent;
        if (isOut && after.Groups?.Contains(group) == true)
        {
            warnings.Add($"The groups as read after the call still name {group}: reads may lag behind, or somebody has put it back.");
        }

        // A read that came behind the call shows the groups without the one that the call took it out of.
        var was = outcome.GroupsBefore ?? (outcome.Status == OutcomeStatus.Removed && before.Groups?.Contains(group) == false ? [.. before.Groups, group] : before.Groups);
        return outcome with
        {
            GroupsBefore = Membership.Evidence(was),
            GroupsAfter = outcome.GroupsAfter ?? Membership.Evidence(after.Groups),
            Warnings = warnings.Count > 0 ? warnings : outcome.Warnings,
            IsEvidence = true,
        };
    }

    private async Task<(IReadOnlyList<string>? Groups, string? Why)> ReadAsync()
    {
        var (reply, why) = await ecs.LookAsideAsync(EcsCall.ReadMembership(request), EcsSession.Briefly, CancellationToken.None);
        return reply is null ? (null, why) : Membership.In(request.Resource.Value, reply) switch
        {
            MembershipRead.Found { Membership: var found } => (found.Groups, null),
            MembershipRead.Failed { Reply: var unread } => (null, unread.Message),
            _ => (null, "ECS does not list it."),
        };
    }
}
