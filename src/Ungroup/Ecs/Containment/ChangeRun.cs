using System.Runtime.InteropServices;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Wire;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ecs.Containment;

/// <summary>One delivery of a contain or a restore.</summary>
internal interface IChangeRun
{
    ValueTask<RemovalResult> TryAsync(CancellationToken cancellationToken);

    /// <summary>The request has begun, and its time is over: what has come of it; null where nobody can say yet.</summary>
    /// <param name="code">Says what kept it from its end.</param>
    /// <param name="sentence">The same, for a person.</param>
    Task<RemovalResult?> ConcludeAsync(string code, string sentence);

    /// <summary>Each interface was seen in the groups that it was in before the first call.</summary>
    bool IsAsFound { get; }

    /// <summary>The resources whose rows the request may hold.</summary>
    IReadOnlyCollection<string> Held { get; }
}

/// <summary>The tools of a run.</summary>
internal sealed record ChangeTools(
    RemovalLedger Ledger, IsolationGroups Isolation, GuardrailChain Guardrails, KnownAccounts Accounts, Waits Waits);

/// <summary>A request that we own, and how far it has come.</summary>
internal sealed record ChangeRequest(RemovalRequest Request, Lease Lease, RemovalProgress Progress, EcsSession Ecs)
{
    public LedgerKey Key => Lease.Record.Key;

    public GroupSnapshot? Snapshot => Lease.Record.Snapshot;

    /// <summary>A call that changes something was made, or may have been.</summary>
    public bool HasBegun => Lease.Record.Attempts > 0;

    /// <summary>Each interface of the snapshot was seen, in the groups that it was in before the first call.</summary>
    public bool IsAsFound(Func<string, InterfaceView?> seenOf) =>
        Snapshot is { } snapshot && snapshot.Interfaces.All(one => seenOf(one.Resource) is { } seen && GroupSets.Same(one.Before, seen.Groups));

    /// <summary>A request that has begun is seen through; one that has not begun ends here at its deadline. Null before that.</summary>
    public RemovalResult.Wait? TooLate(Waits waits) => !HasBegun && waits.Now >= Progress.Deadline
        ? new RemovalResult.Wait(Progress.Deadline, "The deadline is here.", Ecs.LastCode).AfterAnotherTry(TimeSpan.Zero)
        : null;

    /// <summary>How a request ends that has not begun.</summary>
    public (OutcomeStatus Status, string? Code, string Sentence) Ended(Waits waits) =>
        Request.ExpiresAt <= waits.Now && (Ecs.LastCode is null || NoReply.Is(Ecs.LastCode))
            ? (OutcomeStatus.Expired, null, Sentences.Expired(Request, Ecs.LastCode, Progress.Waited))
            : (OutcomeStatus.Failed, Ecs.LastCode ?? "DeadlineExceeded", Sentences.DeadlinePassed(Progress, Ecs.LastCode));
}

/// <summary>Contain and restore have this in common: the rows of the resources, the first look and what comes of the rounds.</summary>
internal sealed class TakenResources(ChangeRequest change, ChangeTools tools)
{
    private readonly Dictionary<string, ResourceRow> _rows = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Resources => _taken;

    public ResourceRow this[string resource] => _rows.GetValueOrDefault(resource) ?? new();

    public bool Has(string resource) => _taken.Contains(resource);

    /// <summary>Null where all are ours; otherwise what to wait for.</summary>
    public async Task<RemovalResult.Wait?> TakeAsync(IEnumerable<string> resources, CancellationToken cancellationToken)
    {
        foreach (var resource in resources.Where(resource => !Has(resource)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList())
        {
            var (row, holder) = await tools.Ledger.Rows.TakeAsync(change.Lease.Record, resource, change.Request.Action == RequestAction.Contain, cancellationToken);
            if (holder is not null)
            {
                return new(tools.Waits.BehindAnother(change.Progress.Postponements), $"{holder} changes the groups of {resource} now.", Code: null) { For = WaitFor.AnotherChange };
            }

            _rows[resource] = row;
            _taken.Add(resource);
        }

        return null;
    }

    /// <summary>Reads rows, ours or not: a removal may have ended since.</summary>
    public async Task LookAsync(IEnumerable<string> resources, CancellationToken cancellationToken)
    {
        foreach (var resource in resources)
        {
            _rows[resource] = await tools.Ledger.Rows.ReadAsync(change.Key.Account, resource, cancellationToken);
        }
    }
}

/// <summary>Why an interface has not come to what was wanted.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Obstacle(string Code, string? Sentence);

/// <summary>Rounds of looking and moving, until nothing is left to do.</summary>
internal sealed class MoveRounds(ChangeRequest change, ChangeTools tools, EcsPlace place)
{
    // Two steps a group and a look after each are far fewer; this ends what others keep changing.
    private const int MostRounds = 60;

    private readonly GroupMover _mover = new(change, place, tools.Waits);

    /// <summary>By resource: what keeps it from what was wanted; empty where nothing does. Of the last look.</summary>
    public Dictionary<string, Obstacle> Obstacles { get; } = new(StringComparer.Ordinal);

    /// <summary>A rule of ours says no to leaving a group: it is kept, as one that ECS forbids.</summary>
    public void Forbid(string resource, string group, Outcome no) => _mover.StateOf(resource).Refused(group, no.Code!, no.Sentence);

    /// <summary>Null where all has come to its end, by a look after the last call.</summary>
    /// <param name="lookAsync">Reads the interfaces again, and says what each should come to; or what stopped it.</param>
    /// <param name="cancellationToken">Begins nothing more.</param>
    public async Task<RemovalResult?> RunAsync(
        Func<CancellationToken, Task<(IReadOnlyList<(InterfaceView, WantedGroups)>? Interfaces, RemovalResult? Stopped)>> lookAsync, CancellationToken cancellationToken)
    {
        for (var rounds = 0; rounds < MostRounds; rounds++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (interfaces, stopped) = await lookAsync(cancellationToken);
            if (interfaces is null)
            {
                return stopped!;
            }

            var round = await _mover.RoundAsync(interfaces, cancellationToken);
            Note(round);
            if (round.Stopped is not null)
            {
                return round.Stopped;
            }

            if (!round.HasActed && !round.IsUnsettled)
            {
                return round.Later;
            }

            if (round.IsUnsettled)
            {
                await tools.Waits.PauseAsync(tools.Waits.BetweenReads(), cancellationToken);
            }
            else if (round.Later is { } later && round.Ends.Count == 0)
            {
                return later;
            }
        }

        return new RemovalResult.Wait(tools.Waits.Postponed(change.Progress.Postponements), "Others change its groups all the time.", ContainmentSentences.ChangedByOthers);
    }

    private void Note(MoveRound round)
    {
        Obstacles.Clear();
        foreach (var (resource, end) in round.Ends)
        {
            if (end is NextStep.Stuck stuck)
            {
                Obstacles[resource] = new(stuck.Code, _mover.StateOf(resource).SentenceOf(stuck.Group) ?? ContainmentSentences.Stuck(stuck.Code, resource));
            }
        }
    }
}
