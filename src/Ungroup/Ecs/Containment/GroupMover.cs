using System.Diagnostics;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;

namespace Ungroup.Ecs.Containment;

/// <summary>
/// Carries out the steps of one delivery. Each call is written down before it is made, and what it came to is read, not believed. One file,
/// because every step keeps the books of the same round.
/// </summary>
internal sealed class GroupMover(ChangeRequest change, EcsPlace place, Waits waits)
{
    // A look that lags may show a group that is not there any more; ECS knows better, a few times.
    private const int MostSurprises = 3;

    // One call for the whole set undoes what others have done behind the look. Where every look gets old before the call, it goes on all the same.
    private static readonly TimeSpan OldestLook = TimeSpan.FromSeconds(5);
    private const int MostOldLooks = 3;
    private static readonly RemovalResult.Wait LookAgain = new(DateTimeOffset.MinValue, "The look at its groups is too old.", Code: null);

    private readonly EcsSession _ecs = change.Ecs;
    private readonly RemovalProgress _progress = change.Progress;
    private readonly Dictionary<string, InterfaceState> _states = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _surprises = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _oldLooks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _oneByOne = new(StringComparer.Ordinal);

    public InterfaceState StateOf(string resource) =>
        _states.TryGetValue(resource, out var state) ? state : _states[resource] = new();

    /// <summary>Holds a look against what was done, and does for each interface what can be done before the next look.</summary>
    /// <param name="interfaces">As they were seen, and what they should come to.</param>
    /// <param name="cancellationToken">Begins no further call.</param>
    public async Task<MoveRound> RoundAsync(IReadOnlyList<(InterfaceView Seen, WantedGroups Wanted)> interfaces, CancellationToken cancellationToken)
    {
        var round = new MoveRound();
        foreach (var (seen, wanted) in interfaces)
        {
            var state = StateOf(seen.Resource);
            if (!state.Look(seen.Groups))
            {
                round.IsUnsettled = true;
            }
            else if (state.IsFoughtOver && NextStep.Of(state.Seen(seen.Groups), Way(seen, wanted)) is not NextStep.Done)
            {
                round.Ends[seen.Resource] = new NextStep.Stuck(ContainmentSentences.ChangedByOthers, null);
            }
            else
            {
                await MoveAsync(seen, Way(seen, wanted), state, round, cancellationToken);
            }

            if (round.Stopped is not null)
            {
                return round;
            }
        }

        return round;
    }

    private WantedGroups Way(InterfaceView seen, WantedGroups wanted) => wanted with { AtOnce = wanted.AtOnce && !_oneByOne.Contains(seen.Resource) };

    private async Task MoveAsync(InterfaceView seen, WantedGroups wanted, InterfaceState state, MoveRound round, CancellationToken cancellationToken)
    {
        List<string> groups = [.. seen.Groups];
        var hasJoined = false;
        while (true)
        {
            var step = NextStep.Of(state.Seen(groups), wanted);
            if (step is NextStep.Done or NextStep.Stuck)
            {
                round.Ends[seen.Resource] = step;
                return;
            }

            // Whether it has joined is looked at before it leaves anything; but for the one place that is needed.
            if (step is NextStep.Leave && hasJoined)
            {
                return;
            }

            switch (await CallAsync(seen, step, state, round, cancellationToken))
            {
                case CallEnd.Made:
                    round.HasActed = true;
                    hasJoined |= step is NextStep.Join;
                    groups = Made(step, groups, state);
                    break;

                case CallEnd.Over:
                    return;
            }
        }
    }

    private (EcsCall Call, string Group) CallFor(string resource, NextStep step) => step switch
    {
        NextStep.Join join => (place.Join(resource, join.Group), join.Group),
        NextStep.Leave leave => (place.Leave(resource, leave.Group), leave.Group),
        NextStep.Modify modify => (place.Modify(resource, modify.Groups, modify.Groups[0]), WantedGroups.WholeSet),
        _ => throw new UnreachableException(),
    };

    /// <summary>The groups as they should be now.</summary>
    private static List<string> Made(NextStep step, List<string> groups, InterfaceState state)
    {
        List<string> made = step switch
        {
            NextStep.Join join => [.. groups, join.Group],
            NextStep.Leave leave => [.. groups.Where(group => group != leave.Group)],
            NextStep.Modify modify => [.. modify.Groups],
            _ => throw new UnreachableException(),
        };
        made.Except(groups, StringComparer.Ordinal).ToList().ForEach(state.Joined);
        groups.Except(made, StringComparer.Ordinal).ToList().ForEach(state.Left);
        return made;
    }

    private async Task<CallEnd> CallAsync(InterfaceView seen, NextStep step, InterfaceState state, MoveRound round, CancellationToken cancellationToken)
    {
        var (call, group) = CallFor(seen.Resource, step);
        var (reply, stopped) = await _ecs.SendAsync(
            call, stop => BeginAsync(call.Group, step is NextStep.Modify ? seen : null, stop), cancellationToken);
        if (reply is null)
        {
            return NotMade(stopped!, group, state, round);
        }

        if (reply.WasSent)
        {
            _progress.SettlePermit(true);
        }
        else
        {
            _progress.TakeBackAttempt();
        }

        switch (reply.Fault)
        {
            case null or Fault.AlreadyDone:
                return CallEnd.Made;

            case Fault.Permanent:
                return Refused(call, group, reply, state, round);

            case Fault.Unfamiliar when waits.Unfamiliar(_progress.CountUnfamiliarReply()) is { } until:
                round.Later ??= new(until, Sentences.Of(call, reply), reply.Code);
                return CallEnd.Over;

            case Fault.Unfamiliar:
                state.Refused(group, reply.Code!, Sentences.Refused(reply));
                return CallEnd.Refused;

            case Fault.Later:
                round.Later ??= new(waits.UntilItsStateChanges(_progress.Postponements), Sentences.Of(call, reply), reply.Code) { For = WaitFor.State };
                return CallEnd.Over;

            case Fault.Transient or Fault.Unknown:
                var wait = new RemovalResult.Wait(waits.Postponed(_progress.Postponements, reply.RetryAfter), Sentences.Of(call, reply), _ecs.LastCode);
                round.Later = reply.RetryAfter > waits.LongestInPlace ? wait : wait.AfterAnotherTry(reply.RetryAfter);
                return CallEnd.Over;

            default:
                throw new UnreachableException($"The session deals with {reply.Fault}.");
        }
    }

    private static CallEnd NotMade(RemovalResult stopped, string group, InterfaceState state, MoveRound round)
    {
        // No operator is waited for: the rest is done, and the outcome says what was forbidden.
        if (stopped is RemovalResult.Wait { IsDenied: true } denied)
        {
            state.Refused(group, denied.Code ?? "Forbidden.RAM", denied.Why);
            return CallEnd.Refused;
        }

        round.HasActed |= ReferenceEquals(stopped, LookAgain);
        round.Stopped = ReferenceEquals(stopped, LookAgain) ? null : stopped;
        return CallEnd.Over;
    }

    private CallEnd Refused(EcsCall call, string group, EcsReply reply, InterfaceState state, MoveRound round)
    {
        switch (reply.Code)
        {
            case "InvalidInstanceId.AlreadyExists":
                return CallEnd.Made;

            case "InstanceSecurityGroupLimitExceeded" or "JoinedGroupLimitExceed" when group != WantedGroups.WholeSet:
                state.Full(group, Sentences.Refused(reply));
                return CallEnd.Refused;

            case "InstanceLastSecurityGroup" or "InvalidOperation.AtLeastInOneGroup" when Count(_surprises, call.Resource) < MostSurprises:
                round.IsUnsettled = true;
                return CallEnd.Over;

            // One group of the set is gone: the others are joined one by one.
            case "InvalidSecurityGroupId.NotFound" when group == WantedGroups.WholeSet:
                _oneByOne.Add(call.Resource);
                round.HasActed = true;
                return CallEnd.Over;

            default:
                state.Refused(group, reply.Code!, Sentences.Refused(reply));
                return CallEnd.Refused;
        }
    }

    private static int Count(Dictionary<string, int> counts, string resource) => counts[resource] = counts.GetValueOrDefault(resource) + 1;

    /// <summary>
    /// At the last moment before a call the request must be ours, and the look that a whole set is made from young. A request that has begun is seen
    /// through, hold or not.
    /// </summary>
    private async Task<RemovalResult?> BeginAsync(string group, InterfaceView? replaced, CancellationToken cancellationToken)
    {
        var begins = !change.HasBegun;
        if (change.TooLate(waits) is { } late)
        {
            return late;
        }

        if (IsOld(replaced))
        {
            return LookAgain;
        }

        // A containment counts as one change of its isolation group, and a restore of a removal as one of that group.
        if (begins && await _progress.PermitAsync(change.Snapshot?.IsolationGroup ?? group, cancellationToken) is { } usedUp)
        {
            return usedUp;
        }

        if (!await _progress.BeginAttemptAsync(cancellationToken))
        {
            return new RemovalResult.LeaseLost();
        }

        // Writing takes time, and what was not called has not begun.
        var held = begins ? await _progress.HeldAsync(change.Snapshot?.IsolationGroup is { } isolation ? [isolation] : [], cancellationToken) : null;
        var isOld = IsOld(replaced);
        if (isOld || (begins && (held is not null || waits.Now >= _progress.Deadline)))
        {
            _progress.TakeBackAttempt();
        }

        return change.TooLate(waits) ?? held ?? (isOld ? LookAgain : null);
    }

    private bool IsOld(InterfaceView? seen) => seen is not null && waits.Clock.GetElapsedTime(seen.ReadAt) > OldestLook
        && Count(_oldLooks, seen.Resource) <= MostOldLooks;

    /// <summary>The change is made; it is refused for good, and another step may be possible; or nothing more comes before the next look.</summary>
    private enum CallEnd
    {
        Made,
        Refused,
        Over,
    }
}

/// <summary>The result of one round.</summary>
internal sealed class MoveRound
{
    /// <summary>By resource: <see cref="NextStep.Done"/> or <see cref="NextStep.Stuck"/>, of those for which nothing is left to do.</summary>
    public Dictionary<string, NextStep> Ends { get; } = new(StringComparer.Ordinal);

    /// <summary>Something was done, and has to be looked at.</summary>
    public bool HasActed { get; set; }

    /// <summary>A change that ECS has acknowledged does not show yet.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Something can be done later only.</summary>
    public RemovalResult.Wait? Later { get; set; }

    /// <summary>Nothing more can be done in this delivery, or by this owner.</summary>
    public RemovalResult? Stopped { get; set; }
}
