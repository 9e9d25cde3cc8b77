using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Containment;

/// <summary>
/// One delivery's tries to undo a contain or a removal. One file, because everything from finding the request to the outcome is told by the
/// same last look.
/// </summary>
internal sealed class RestoreRun(ChangeRequest change, ChangeTools tools, ContainBy by) : IChangeRun
{
    // Queues keep no order: the request to undo may come behind its restore. It is counted and not timed, because workers' clocks differ.
    private const int MostPostponementsWhileUnknown = 6;
    private static readonly TimeSpan BetweenAsking = TimeSpan.FromSeconds(5);

    private readonly TakenResources _taken = new(change, tools);
    private readonly Dictionary<string, Obstacle> _missing = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private List<InterfaceView> _seen = [];
    private bool _isFresh;
    private UndoneRequest? _undone;
    private MoveRounds? _rounds;

    public IReadOnlyCollection<string> Held => _taken.Resources;

    private string Of => change.Request.Of!;

    private EcsPlace Place => new(change.Request.Account, _undone!.RegionId);

    public async ValueTask<RemovalResult> TryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (change.TooLate(tools.Waits) is not null)
        {
            var (status, code, sentence) = change.Ended(tools.Waits);
            return Ended(status, code, sentence);
        }

        if (_undone is null && await FindAsync(cancellationToken) is { } unknown)
        {
            return unknown;
        }

        _rounds ??= new(change, tools, Place);
        if (!change.Request.DryRun && await _taken.TakeAsync(_undone!.Interfaces.Select(one => one.Resource), cancellationToken) is { } held)
        {
            return held;
        }

        if (await ReadAsync(cancellationToken) is { } unread)
        {
            return unread is RemovalResult.Decided { Outcome: var no } && change.HasBegun ? await EndAsync(no.Code, no.Sentence) : unread;
        }

        if (!change.HasBegun && await RefuseAsync(cancellationToken) is { } refused)
        {
            return new RemovalResult.Decided(refused);
        }

        if (change.Request.DryRun)
        {
            var calls = _seen.SelectMany(seen => PlannedCalls.Of(seen, WantedOf(seen), Place)).ToList();
            return Ended(OutcomeStatus.Planned, null, ContainmentSentences.Planned(_undone!.Subject, calls));
        }

        if (!change.HasBegun && _missing.Count == 0 && _seen.TrueForAll(seen => IsDone(seen)))
        {
            return await AlreadyRestoredAsync(cancellationToken);
        }

        return await SnapshotAsync(cancellationToken)
            ?? await _rounds.RunAsync(LookAsync, cancellationToken)
            ?? await EndAsync(null, null);
    }

    public bool IsAsFound => change.IsAsFound(SeenOf);

    public async Task<RemovalResult?> ConcludeAsync(string code, string sentence) =>
        _undone is null || change.Snapshot is null ? null : await EndAsync(code, sentence);

    private async Task<RemovalResult> EndAsync(string? code, string? sentence)
    {
        var told = _undone!.Interfaces.Select(one => Told(one, code, sentence)).ToList();
        var good = told.Count(one => one.Status == nameof(OutcomeStatus.Restored));
        var isPartly = good > 0 || told.Exists(one => one.Status == nameof(OutcomeStatus.PartlyRestored));
        var status = good == told.Count ? OutcomeStatus.Restored : isPartly ? OutcomeStatus.PartlyRestored : OutcomeStatus.Failed;
        if (status == OutcomeStatus.Restored)
        {
            await MarkRestoredAsync();
        }

        change.Lease.Conclude(change.Snapshot! with
        {
            HasChanged = isPartly,
            Interfaces = [.. change.Snapshot.Interfaces.Select(one => one with
            {
                After = SeenOf(one.Resource)?.Groups,
                IsFree = told.Exists(outcome => outcome.Resource == one.Resource && IsLetOut(outcome)),
            })],
        });
        return Ended(
            status,
            status == OutcomeStatus.Restored ? null : code ?? told.Find(one => one.Code is not null)?.Code,
            ContainmentSentences.Restored(status, _undone.Subject, Of, told, sentence),
            told);
    }

    /// <summary>Restored, or out of isolation at least: nobody watches it any more.</summary>
    private bool IsLetOut(InterfaceOutcome outcome) => outcome.Status == nameof(OutcomeStatus.Restored)
        || (outcome.GroupsAfter is { } after && !after.Intersect(IsolatedIn(SnapshotOf(outcome.Resource))).Any());

    /// <summary>Null where the request to undo has ended and changed something.</summary>
    private async Task<RemovalResult?> FindAsync(CancellationToken cancellationToken)
    {
        if (await tools.Ledger.ReadAsync(new(change.Key.Account, Of), cancellationToken) is not { Record: var record })
        {
            return change.Progress.Postponements < MostPostponementsWhileUnknown
                ? new RemovalResult.Wait(tools.Waits.Now + BetweenAsking, $"{Of} has not come yet.", Code: null) { For = WaitFor.AnotherChange }
                : Ended(OutcomeStatus.Refused, "NothingToRestore", ContainmentSentences.Unknown(Of, change.Key.Account));
        }

        if (record is { Outcome: null, Request.Action: RequestAction.Restore })
        {
            // Nothing can come of waiting for it, and two that name each other would wait for ever.
            return Ended(OutcomeStatus.Refused, "NothingToRestore", ContainmentSentences.NoUndo(Of));
        }

        if (record.Outcome is null)
        {
            return new RemovalResult.Wait(tools.Waits.BehindAnother(change.Progress.Postponements), $"{Of} has not ended yet.", Code: null) { For = WaitFor.AnotherChange };
        }

        _undone = UndoneRequest.Of(record, out var subject, out var why);
        return _undone is not null ? null : new RemovalResult.Decided(new()
        {
            Status = OutcomeStatus.Refused,
            Code = "NothingToRestore",
            Sentence = why,
            Subject = subject,
        });
    }

    /// <summary>Looks at every interface of the snapshot; one that is gone, or another host's now, is not touched. Null where that was possible.</summary>
    private async Task<RemovalResult?> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = new HostReader(change.Ecs, Place, tools.Waits, change.Progress, _undone!.IsolationGroup ?? _undone.Interfaces[0].Before[0]);
        List<InterfaceView> seen = [];
        _missing.Clear();
        foreach (var one in _undone.Interfaces)
        {
            if (seen.Exists(view => view.Resource == one.Resource))
            {
                continue;
            }

            switch (await reader.ReadAsync(one.Resource, withSecondaries: _undone.Interfaces.Count > 1, cancellationToken))
            {
                case HostRead.Stopped { Result: var result }:
                    return result;

                case HostRead.NotFound { Code: var code }:
                    _missing[one.Resource] = new("InterfaceGone", ContainmentSentences.Gone(one.Resource, code));
                    break;

                case HostRead.Found { Host: var host }:
                    seen.AddRange(host.Interfaces.Where(view => view.Groups.Count > 0
                        && _undone.Interfaces.Any(known => known.Resource == view.Resource) && !seen.Exists(before => before.Resource == view.Resource)));
                    break;
            }
        }

        foreach (var one in _undone.Interfaces.Where(one => !_missing.ContainsKey(one.Resource)))
        {
            var view = seen.Find(view => view.Resource == one.Resource);
            if (view is null)
            {
                _missing[one.Resource] = new("NotSeen", ContainmentSentences.NotSeen(one.Resource));
            }
            else if (one.InstanceId is not null && view.InstanceId != one.InstanceId)
            {
                _missing[one.Resource] = new("Moved", $"{one.Resource} was attached to {one.InstanceId} and is {(view.InstanceId is null ? "attached to none" : $"attached to {view.InstanceId}")} now; it was not touched.");
            }
        }

        _seen = [.. seen.Where(view => !_missing.ContainsKey(view.Resource))];
        await _taken.LookAsync(_undone.Interfaces.Select(one => one.Resource), cancellationToken);
        _isFresh = true;
        return null;
    }

    private async Task<Outcome?> RefuseAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in _undone!.Interfaces.Select(one => one.Resource))
        {
            var row = _taken[resource];
            if (row.ContainedBy is { } other && other != Of && other != _undone.Containment
                && await tools.Ledger.Rows.ContainmentAsync(change.Key.Account, resource, row, cancellationToken) is not null)
            {
                return Refused("StillContained", ContainmentSentences.StillContained(resource, other));
            }
        }

        foreach (var seen in _seen)
        {
            List<string> leaving = [.. seen.Groups.Where(WantedOf(seen).ShouldLeave)];
            foreach (var resource in (string?[])[seen.Resource, seen.NetworkInterfaceId, seen.InstanceId])
            {
                if (resource is not null && tools.Guardrails.Refuse(new ProposedChange(change.Key.Account, change.Request.Action, resource, leaving)) is { } no)
                {
                    return no with { Subject = _undone.Subject };
                }
            }
        }

        var drifted = _seen.Where(HasDrifted).ToList();
        if (drifted.Count > 0 && !change.Request.Force)
        {
            var told = _seen.Select(seen => View(seen, SnapshotOf(seen.Resource).Before, seen.Groups, drifted.Contains(seen) ? "Drifted" : "Unchanged")).ToList();
            return Refused("Drifted", ContainmentSentences.Drifted(_undone.Subject, Of, told)) with { Interfaces = told };
        }

        return null;
    }

    /// <summary>
    /// The membership is neither what requests have left behind, the one to undo and those after it, nor what it was before. A removal is undone
    /// whatever else has changed.
    /// </summary>
    private bool HasDrifted(InterfaceView seen)
    {
        if (_undone!.IsolationGroup is not { } isolation)
        {
            return false;
        }

        var one = SnapshotOf(seen.Resource);
        var left = one.After ?? [isolation];
        var leftLast = _taken[seen.Resource].LeftSince(one) ?? left;
        List<string> removed = [.. LeftOutOf(one).Select(gone => gone.Group)];
        return !((IEnumerable<string>[])[left, leftLast, leftLast.Except(removed), one.Before, WantedOf(seen).Groups]).Any(groups => GroupSets.Same(seen.Groups, [.. groups]));
    }

    private async Task<RemovalResult?> SnapshotAsync(CancellationToken cancellationToken) => change is { HasBegun: true, Snapshot: not null } ? null
        : await tools.Ledger.SnapshotAsync(
            change.Lease,
            new()
            {
                RegionId = _undone!.RegionId,
                Subject = _undone.Subject,
                Interfaces = [.. _undone.Interfaces.Select(one => new InterfaceGroups(one.Resource, SeenOf(one.Resource)?.Groups ?? []) { InstanceId = one.InstanceId })],
            },
            cancellationToken) ? null : new RemovalResult.LeaseLost();

    private async Task<(IReadOnlyList<(InterfaceView, WantedGroups)>?, RemovalResult?)> LookAsync(CancellationToken cancellationToken) =>
        !_isFresh && await ReadAsync(cancellationToken) is { } stopped ? (null, stopped) : Used();

    private (IReadOnlyList<(InterfaceView, WantedGroups)>?, RemovalResult?) Used()
    {
        _isFresh = false;
        return ([.. _seen.Select(seen => (seen, WantedOf(seen)))], null);
    }

    /// <summary>By a restore of the request itself, or of the contain whose snapshot it has inherited.</summary>
    private async Task<bool> IsRestoredAsync(CancellationToken cancellationToken) => _undone!.RestoredBy is not null
        || (_undone.Containment is { } first && first != Of
            && await tools.Ledger.ReadAsync(new(change.Key.Account, first), cancellationToken) is { Record.Snapshot.RestoredBy: not null });

    private async Task<RemovalResult> AlreadyRestoredAsync(CancellationToken cancellationToken)
    {
        if (!await IsRestoredAsync(cancellationToken))
        {
            _warnings.Add(ContainmentSentences.NotOurs(Of));
        }

        await MarkRestoredAsync();
        change.Lease.Conclude(new()
        {
            RegionId = _undone!.RegionId,
            Subject = _undone.Subject,
            Interfaces = [.. _seen.Select(seen => new InterfaceGroups(seen.Resource, seen.Groups) { After = seen.Groups, IsFree = true })],
        });
        return Ended(
            OutcomeStatus.Restored, null, ContainmentSentences.AlreadyRestored(_undone.Subject, Of),
            [.. _seen.Select(seen => View(seen, seen.Groups, seen.Groups, nameof(OutcomeStatus.Restored)))], isAlready: true);
    }

    /// <summary>Before the outcome is told, so that nobody takes the resource for contained after it.</summary>
    private async Task MarkRestoredAsync()
    {
        foreach (var undone in (string?[])[Of, _undone!.Containment])
        {
            if (undone is not null)
            {
                await tools.Ledger.MarkRestoredAsync(new(change.Key.Account, undone), change.Key.RequestId, CancellationToken.None);
            }
        }
    }

    /// <summary>The groups of a contain's snapshot, but for those that a removal has ended for since; of a removal, its group.</summary>
    private WantedGroups WantedOf(InterfaceView seen)
    {
        var one = SnapshotOf(seen.Resource);
        return WantedGroups.Restored([.. one.Before.Except(LeftOutOf(one).Select(removed => removed.Group))], IsolatedIn(one), by == ContainBy.Modify);
    }

    /// <summary>The isolation group, and those that later contains have taken in its place; of a removal none.</summary>
    private List<string> IsolatedIn(InterfaceGroups one) => _undone!.IsolationGroup is { } isolation ? [isolation, .. _taken[one.Resource].IsolatedIn] : [];

    private IEnumerable<RemovedGroup> LeftOutOf(InterfaceGroups one) => _undone!.IsolationGroup is null ? []
        : _taken[one.Resource].RemovedSince(one).Where(removed => one.Before.Contains(removed.Group));

    private bool IsDone(InterfaceView seen) =>
        NextStep.Of(new(seen.Groups, new Dictionary<string, string>()), WantedOf(seen)) is NextStep.Done;

    private InterfaceGroups SnapshotOf(string resource) => _undone!.Interfaces.First(one => one.Resource == resource);

    private InterfaceView? SeenOf(string resource) => _seen.Find(seen => seen.Resource == resource);

    private InterfaceOutcome Told(InterfaceGroups one, string? code, string? sentence)
    {
        var before = change.Snapshot!.Interfaces.FirstOrDefault(known => known.Resource == one.Resource)?.Before ?? [];
        if (SeenOf(one.Resource) is not { } seen)
        {
            var why = _missing.TryGetValue(one.Resource, out var missing) ? missing : new(code ?? "NotSeen", sentence);
            return View(new(one.Resource, []), before, null, nameof(OutcomeStatus.Failed)) with { Code = why.Code, Sentence = why.Sentence };
        }

        if (IsDone(seen))
        {
            return View(seen, before, seen.Groups, nameof(OutcomeStatus.Restored));
        }

        var obstacle = _rounds!.Obstacles.TryGetValue(one.Resource, out var found) ? found : new(code ?? "Unsettled", sentence);
        var status = GroupSets.Same(before, seen.Groups) ? nameof(OutcomeStatus.Failed) : nameof(OutcomeStatus.PartlyRestored);
        return View(seen, before, seen.Groups, status) with
        {
            Code = obstacle.Code == "InvalidSecurityGroupId.NotFound" ? "GroupGone" : obstacle.Code,
            Sentence = obstacle.Sentence,
        };
    }

    private static InterfaceOutcome View(InterfaceView seen, IReadOnlyList<string> before, IReadOnlyList<string>? after, string status) =>
        InterfaceViews.Told(seen, before, after, status);

    private Outcome Refused(string code, string sentence) =>
        new() { Status = OutcomeStatus.Refused, Code = code, Sentence = sentence, Subject = _undone!.Subject };

    private RemovalResult.Decided Ended(OutcomeStatus status, string? code, string sentence, IReadOnlyList<InterfaceOutcome>? interfaces = null, bool isAlready = false) =>
        new(new()
        {
            Status = status,
            Code = code,
            Sentence = sentence,
            Subject = _undone?.Subject,
            Interfaces = interfaces,
            AlreadyRestored = isAlready,
            Warnings = Warnings() is { Count: > 0 } warnings ? warnings : null,
            IsEvidence = status is not (OutcomeStatus.Refused or OutcomeStatus.Planned),
        });

    private List<string> Warnings() =>
    [
        .. _warnings,
        .. _undone?.Interfaces.SelectMany(one => LeftOutOf(one).Select(removed => SeenOf(one.Resource)?.Groups.Contains(removed.Group) == true
            ? ContainmentSentences.PutBack(one.Resource, removed)
            : ContainmentSentences.LeftOut(one.Resource, removed))) ?? [],
        .. _seen.Select(seen => (seen.Resource, Added: seen.Groups.Except(SnapshotOf(seen.Resource).Before).Except(IsolatedIn(SnapshotOf(seen.Resource))).ToList()))
            .Where(one => _undone?.IsolationGroup is not null && one.Added.Count > 0).Select(one => ContainmentSentences.Kept(one.Resource, one.Added)),
    ];
}
