using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Messages;

namespace Ungroup.Ecs.Containment;

/// <summary>
/// One delivery's tries to leave a resource in its isolation group alone. One file, because everything from the first look to the outcome is
/// told by the same last look.
/// </summary>
internal sealed class ContainRun : IChangeRun
{
    private readonly ChangeRequest _change;
    private readonly ChangeTools _tools;
    private readonly ContainBy _by;
    private readonly EcsPlace _place;
    private readonly TakenResources _taken;
    private readonly MoveRounds _rounds;
    private HostView? _seen;
    private Task<(string? Role, string? Unread)>? _roleRead;
    private Task<Dictionary<string, string>>? _namesRead;
    private (string? Role, string? Unread) _role;
    private Dictionary<string, string> _names = [];
    private bool _isFresh;

    // Of an earlier try that has changed nothing: others may have changed the resource since, and its groups are written down anew.
    private bool _isSnapshotStale;
    private IsolationGroup? _isolation;

    public ContainRun(ChangeRequest change, ChangeTools tools, ContainBy by)
    {
        (_change, _tools, _by) = (change, tools, by);
        _place = EcsPlace.Of(change.Request);
        _taken = new(change, tools);
        _rounds = new(change, tools, _place);
    }

    public IReadOnlyCollection<string> Held => _taken.Resources;

    public bool IsAsFound => _change.IsAsFound(resource => _seen?.Find(resource));

    private bool WithSecondaries => _change.Request.IncludeInterfaces ?? true;

    private string Subject => _change.Request.Resource.Value;

    /// <summary>The group that reads are made for, before it is known which one it is.</summary>
    private string GroupOfReads => _change.Snapshot?.IsolationGroup ?? _change.Request.IsolationGroup?.Value ?? (_tools.Accounts.IsolationGroups(_place.Account) is [var configured, ..] ? configured : "");

    public async ValueTask<RemovalResult> TryAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _isSnapshotStale = !_change.HasBegun;
        if (_change.TooLate(_tools.Waits) is not null)
        {
            var (status, code, sentence) = _change.Ended(_tools.Waits);
            return new RemovalResult.Decided(new() { Status = status, Code = code, Sentence = sentence, IsEvidence = true });
        }

        if (await TakeAndLookAsync(cancellationToken) is { } stopped)
        {
            return stopped;
        }

        if (await ChooseGroupAsync(cancellationToken) is { } unfit)
        {
            return unfit;
        }

        if (!_change.HasBegun && Refuse() is { } refused)
        {
            return new RemovalResult.Decided(refused);
        }

        if (!_change.HasBegun && await CheckTagsAsync(cancellationToken) is { } tagged)
        {
            return tagged;
        }

        if (_change.Request.DryRun)
        {
            return Plan();
        }

        if (_isSnapshotStale && AllContained())
        {
            return await AlreadyContainedAsync(cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        _roleRead ??= _seen!.InstanceId is { } instance && _seen.Find(instance) is not null
            ? HostFacts.RoleAsync(_change.Ecs, _place, instance, _isolation!.Id, cancellationToken)
            : Task.FromResult<(string?, string?)>(default);
        _namesRead ??= HostFacts.GroupNamesAsync(
            _change.Ecs, _place, _seen!.Interfaces.SelectMany(one => one.Groups), Subject, _isolation!.Id, cancellationToken);
        if (await SnapshotAsync(cancellationToken) is { } lost)
        {
            return lost;
        }

        var unfinished = await _rounds.RunAsync(LookAsync, cancellationToken);
        (_role, _names) = (await _roleRead, await _namesRead);
        return unfinished ?? Conclude(null, null);
    }

    public Task<RemovalResult?> ConcludeAsync(string code, string sentence) =>
        Task.FromResult<RemovalResult?>(_change.Snapshot is null ? null : Conclude(code, sentence));

    private RemovalResult.Decided Conclude(string? code, string? sentence)
    {
        var snapshot = _change.Snapshot!;
        var told = snapshot.Interfaces.Select(one => Told(one, code, sentence)).ToList();

        // Of a host that was contained already, the isolation group may be one that an interface was in alone before the first contain.
        var hasChanged = _change.HasBegun && told.Exists(one => one.GroupsAfter is null || one.Code == ContainmentSentences.ChangedByOthers
            || !GroupSets.Same(one.GroupsBefore!, one.GroupsAfter) || (snapshot.Undo is not null && one.Status == nameof(OutcomeStatus.Contained)));
        var isContained = told.TrueForAll(one => one.Status == nameof(OutcomeStatus.Contained));
        var first = told.Find(one => one.Status != nameof(OutcomeStatus.Contained));
        _change.Lease.Conclude(snapshot with
        {
            HasChanged = hasChanged,
            Interfaces = [.. snapshot.Interfaces.Select(one => one with { After = _seen?.Find(one.Resource)?.Groups })],
        });
        var status = isContained ? OutcomeStatus.Contained : hasChanged ? OutcomeStatus.PartlyContained : OutcomeStatus.Failed;
        return new RemovalResult.Decided(Outcome(status) with
        {
            Code = isContained ? null : code ?? first!.Code,
            Sentence = ContainmentSentences.Contained(status, Subject, snapshot.IsolationGroup!, told, sentence),
            Interfaces = told,
            Undo = hasChanged ? _change.Key.RequestId : null,
        });
    }

    /// <summary>Null once every interface was seen after its row had become ours.</summary>
    private async Task<RemovalResult?> TakeAndLookAsync(CancellationToken cancellationToken)
    {
        var resource = Subject;
        IEnumerable<string> known = [resource, .. _change.Snapshot?.Interfaces.Select(one => one.Resource) ?? []];
        if (!_change.Request.DryRun && await _taken.TakeAsync(known, cancellationToken) is { } held)
        {
            return held;
        }

        while (true)
        {
            switch (await ReadAsync(cancellationToken))
            {
                case HostRead.NotFound { Code: var code }:
                    return _change.HasBegun ? Conclude(code, ContainmentSentences.Gone(resource, code)) : Failed(code, ContainmentSentences.Gone(resource, code));

                case HostRead.Stopped { Result: RemovalResult.Decided { Outcome: var no } } when _change.HasBegun:
                    return Conclude(no.Code!, no.Sentence);

                case HostRead.Stopped { Result: var result }:
                    return result is RemovalResult.Wait ? await NoteFoundAsync(cancellationToken) ?? result : result;
            }

            var fresh = _seen!.Interfaces.Select(one => one.Resource).Where(one => !_taken.Has(one)).ToList();
            if (fresh.Count == 0 || _change.Request.DryRun)
            {
                _isFresh = true;
                return null;
            }

            if (await _taken.TakeAsync(fresh, cancellationToken) is { } wait)
            {
                return wait;
            }
        }
    }

    /// <summary>
    /// Another delivery goes on from here: which interfaces there are is written down where that is not known yet, so that it can take their
    /// rows first and one look is enough. Null where that is done.
    /// </summary>
    private async Task<RemovalResult?> NoteFoundAsync(CancellationToken cancellationToken) =>
        _isSnapshotStale && _seen is not null && !_change.Request.DryRun ? await SnapshotAsync(cancellationToken) : null;

    private async Task<HostRead> ReadAsync(CancellationToken cancellationToken)
    {
        var reader = new HostReader(_change.Ecs, _place, _tools.Waits, _change.Progress, GroupOfReads);
        var read = await reader.ReadAsync(Subject, WithSecondaries, cancellationToken);
        _seen = (read as HostRead.Found)?.Host ?? _seen;
        return read;
    }

    /// <summary>Null where the group is known and nothing speaks against it.</summary>
    private async Task<RemovalResult?> ChooseGroupAsync(CancellationToken cancellationToken)
    {
        if (_isolation is not null)
        {
            return null;
        }

        if (_change is { HasBegun: true, Snapshot.IsolationGroup: { } begun })
        {
            _isolation = await _tools.Isolation.ReadAsync(_change.Ecs, _place, begun, Subject, cancellationToken);
            return null;
        }

        var named = _change.Request.IsolationGroup?.Value;
        var groups = new List<IsolationGroup>();
        foreach (var id in named is null ? _tools.Accounts.IsolationGroups(_place.Account) : [named])
        {
            groups.Add(await _tools.Isolation.ReadAsync(_change.Ecs, _place, id, Subject, cancellationToken));
        }

        _isolation = groups.Find(group => group.Unfit is null && group.VpcId is not null && group.VpcId == _seen!.VpcId)
            ?? groups.Find(group => group.Unfit is null && (group.VpcId is null || _seen!.VpcId is null));
        return _isolation is not null ? null : new RemovalResult.Decided(Outcome(OutcomeStatus.Refused) with
        {
            Code = "IsolationGroupUnfit",
            Sentence = ContainmentSentences.Unfit(Subject, _seen!.VpcId, groups, _place.Account, named is not null),
            IsEvidence = false,
        });
    }

    /// <summary>The guardrails' no, of any interface, of those attached to the same instance, and of any group that one would leave.</summary>
    private Outcome? Refuse()
    {
        foreach (var seen in _seen!.Interfaces.Where(seen => !GroupSets.IsAlone(seen.Groups, _isolation!.Id)).DefaultIfEmpty(new(Subject, [])))
        {
            List<string> leaving = [.. seen.Groups.Where(group => group != _isolation!.Id)];
            foreach (var resource in (string?[])[seen.Resource, seen.NetworkInterfaceId, seen.InstanceId, Subject, .. _seen.Attached])
            {
                if (resource is not null && _tools.Guardrails.Refuse(new ProposedChange(_place.Account, _change.Request.Action, resource, leaving)) is { } refused)
                {
                    return refused with { Interfaces = [.. _seen.Interfaces.Select(one => View(one, one.Groups, one.Groups, "Unchanged"))] };
                }
            }
        }

        return null;
    }

    /// <summary>The guardrails' no, of the tags of any interface that would be changed, and of the instance, which may be in the isolation group alone already.</summary>
    private async Task<RemovalResult?> CheckTagsAsync(CancellationToken cancellationToken)
    {
        if (_change.Progress.RefuseTags is null)
        {
            return null;
        }

        var tags = new TagCheck(_change.Ecs, _place, _tools.Waits, _change.Progress);
        var changing = _seen!.Interfaces.Where(seen => !GroupSets.IsAlone(seen.Groups, _isolation!.Id)).ToList();
        foreach (var seen in _seen.Interfaces.Where(seen => changing.Exists(one => one.Resource == seen.Resource || one.InstanceId == seen.Resource)))
        {
            var instance = seen.InstanceId is { } attached && _seen.Find(attached) is null ? attached : null;
            if (await tags.CheckAsync(seen.Resource, seen.Tags, instance, seen.Groups, _isolation!.Id, cancellationToken) is { } stopped)
            {
                return stopped;
            }
        }

        return null;
    }

    /// <summary>Writes down what each interface is in before any of them is changed. Null where that is done.</summary>
    private async Task<RemovalResult?> SnapshotAsync(CancellationToken cancellationToken)
    {
        var known = _isSnapshotStale ? [] : _change.Snapshot!.Interfaces;
        List<InterfaceGroups> added = [];
        var undo = _isSnapshotStale ? null : _change.Snapshot!.Undo;
        foreach (var seen in _seen!.Interfaces.Where(seen => !known.Any(one => one.Resource == seen.Resource)))
        {
            // Of a resource that is contained already, those that the first contain found.
            var earlier = await _tools.Ledger.Rows.ContainmentAsync(_place.Account, seen.Resource, _taken[seen.Resource], cancellationToken);
            var inherited = earlier?.Snapshot!.Interfaces.FirstOrDefault(one => one.Resource == seen.Resource);
            undo ??= inherited is null ? null : earlier!.Snapshot!.Undo ?? earlier.Key.RequestId;
            added.Add(new(seen.Resource, inherited?.Before ?? seen.Groups)
            {
                InstanceId = seen.InstanceId,
                SnapshotNumber = inherited?.SnapshotNumber ?? _taken[seen.Resource].SnapshotNumber,
            });
        }

        if (added.Count == 0)
        {
            return null;
        }

        var snapshot = ((_isSnapshotStale ? null : _change.Snapshot) ?? new() { RegionId = _place.RegionId, Subject = Subject, Interfaces = [] }) with
        {
            IsolationGroup = _isolation?.Id,
            WithInterfaces = WithSecondaries,
            Interfaces = [.. known, .. added],
            Undo = undo,
        };
        _isSnapshotStale = false;
        return await _tools.Ledger.SnapshotAsync(_change.Lease, snapshot, cancellationToken) ? null : new RemovalResult.LeaseLost();
    }

    /// <summary>The interfaces again. One that was not there before is contained too, once its groups are written down.</summary>
    private async Task<(IReadOnlyList<(InterfaceView, WantedGroups)>?, RemovalResult?)> LookAsync(CancellationToken cancellationToken)
    {
        // A second look before the first call sees tags that were set since the first one.
        if (!_isFresh && (await TakeAndLookAsync(cancellationToken) ?? (_change.HasBegun ? null : await CheckTagsAsync(cancellationToken))) is { } stopped)
        {
            return (null, stopped);
        }

        _isFresh = false;

        if (await SnapshotAsync(cancellationToken) is { } lost)
        {
            return (null, lost);
        }

        ForbidProtected();
        var wanted = WantedGroups.Contained(_isolation!.Id, _by == ContainBy.Modify);
        return ([.. _seen!.Interfaces.Where(seen => seen.Groups.Count > 0).Select(seen => (seen, wanted))], null);
    }

    /// <summary>Groups that others have added since it began are asked about, too: what is protected is kept, and told.</summary>
    private void ForbidProtected()
    {
        foreach (var seen in _seen!.Interfaces)
        {
            foreach (var group in seen.Groups.Where(group => group != _isolation!.Id))
            {
                if (_tools.Guardrails.Refuse(new ProposedChange(_place.Account, _change.Request.Action, seen.Resource, [group])) is { } no)
                {
                    _rounds.Forbid(seen.Resource, group, no);
                }
            }
        }
    }

    private bool AllContained() => _seen!.Interfaces.All(seen => GroupSets.IsAlone(seen.Groups, _isolation!.Id));

    private async Task<RemovalResult> AlreadyContainedAsync(CancellationToken cancellationToken)
    {
        var told = _seen!.Interfaces.Select(seen => View(seen, seen.Groups, seen.Groups, nameof(OutcomeStatus.Contained))).ToList();
        LedgerRecord? earlier = null;
        foreach (var seen in _seen.Interfaces)
        {
            earlier ??= await _tools.Ledger.Rows.ContainmentAsync(_place.Account, seen.Resource, _taken[seen.Resource], cancellationToken);
        }

        _change.Lease.Conclude(new()
        {
            RegionId = _place.RegionId,
            Subject = Subject,
            IsolationGroup = _isolation!.Id,
            Interfaces = [.. _seen.Interfaces.Select(seen => new InterfaceGroups(seen.Resource, seen.Groups) { After = seen.Groups })],
        });
        return new RemovalResult.Decided(Outcome(OutcomeStatus.Contained) with
        {
            Sentence = ContainmentSentences.AlreadyContained(Subject, _isolation!.Id, earlier?.Key.RequestId),
            AlreadyContained = true,
            Interfaces = told,
            Undo = earlier?.Snapshot?.Undo ?? earlier?.Key.RequestId,
        });
    }

    /// <summary>A dry run: every call that would be made, if nobody else changes anything.</summary>
    private RemovalResult.Decided Plan()
    {
        var wanted = WantedGroups.Contained(_isolation!.Id, _by == ContainBy.Modify);
        var calls = _seen!.Interfaces.SelectMany(seen => PlannedCalls.Of(seen, wanted, _place)).ToList();
        return new(Outcome(OutcomeStatus.Planned) with
        {
            Sentence = ContainmentSentences.Planned(Subject, calls),
            Interfaces = [.. _seen.Interfaces.Select(seen => View(seen, seen.Groups, [_isolation.Id], "Unchanged"))],
            IsEvidence = false,
        });
    }

    private InterfaceOutcome Told(InterfaceGroups one, string? code, string? sentence)
    {
        var seen = _seen?.Find(one.Resource);
        var after = seen is { Groups.Count: > 0 } ? seen.Groups : null;
        var isContained = after is not null && GroupSets.IsAlone(after, _change.Snapshot!.IsolationGroup!);
        var obstacle = _rounds.Obstacles.TryGetValue(one.Resource, out var found) ? found
            : after is null ? new("NotSeen", NotSeen(one))
            : new(code ?? "Unsettled", sentence);
        var status = isContained ? nameof(OutcomeStatus.Contained)
            : after is not null && GroupSets.Same(after, one.Before) ? nameof(OutcomeStatus.Failed) : nameof(OutcomeStatus.PartlyContained);
        return View(seen ?? new(one.Resource, []), one.Before, after, status) with
        {
            Code = isContained ? null : obstacle.Code,
            Sentence = isContained ? null : ContainmentSentences.WithLever(obstacle),
        };
    }

    private string NotSeen(InterfaceGroups one) => one.InstanceId is { } instance && _seen is not null && !_seen.Attached.Contains(one.Resource)
        ? ContainmentSentences.Detached(one.Resource, instance)
        : ContainmentSentences.NotSeen(one.Resource);

    private InterfaceOutcome View(InterfaceView seen, IReadOnlyList<string> before, IReadOnlyList<string>? after, string status)
    {
        var names = before.Concat(after ?? []).Distinct(StringComparer.Ordinal).Where(_names.ContainsKey).ToDictionary(group => group, group => _names[group]);
        return InterfaceViews.Told(seen, before, after, status) with { GroupNames = names.Count > 0 ? names : null };
    }

    private Outcome Outcome(OutcomeStatus status) => new()
    {
        Status = status,
        Sentence = "",
        Sessions = ContainmentSentences.Sessions(_seen),
        NotHandled = ((string?[])[.. _seen?.Facts ?? [], _role.Role]).OfType<string>().ToList() is { Count: > 0 } facts ? facts : null,
        Warnings = ((string?[])[.. _isolation?.Warnings ?? [], _role.Unread]).OfType<string>().ToList() is { Count: > 0 } warnings ? warnings : null,
        IsEvidence = true,
    };

    private static RemovalResult.Decided Failed(string code, string sentence) =>
        new(new() { Status = OutcomeStatus.Failed, Code = code, Sentence = sentence, IsEvidence = true });
}
