using System.Globalization;
using System.Runtime.InteropServices;
using Ungroup.Holds;
using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation.Story;

/// <summary>One line of a history.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Line(int Number, DateTimeOffset At, string Who, Happening What)
{
    public override string ToString() => $"{Number,6}  {At - Time.Schedule.Start,16:d\\.hh\\:mm\\:ss\\.fff}  {Who,-8}  {What}";
}

/// <summary>Something that happened, with what the invariants need to know of the world at that moment.</summary>
internal abstract record Happening
{
    public sealed record Note(string Text) : Happening
    {
        public override string ToString() => Text;
    }

    public sealed record Sent(Letter Letter) : Happening
    {
        public override string ToString() => $"sends {Letter}";
    }

    public sealed record Delivered(Receipt Receipt) : Happening
    {
        public override string ToString() => $"receives {Receipt}";
    }

    /// <summary>The worker has nothing more to do with the message, settled or not.</summary>
    public sealed record Said(Receipt Receipt, Settlement Settlement) : Happening
    {
        /// <summary>By the clock of the process.</summary>
        public DateTimeOffset WorkerTime { get; init; }

        public override string ToString() => $"says {Receipt}: {Settlement switch
        {
            Settlement.Postpone postpone => $"postpone until {postpone.Until:HH:mm:ss.fff}: {postpone.Why}",
            Settlement.DeadLetter letter => $"dead-letter: {letter.Reason}",
            _ => $"complete {Settlement.Outcome?.Type}{(Settlement.Replayed ? ", replayed" : "")}",
        }}";
    }

    public sealed record Threw(Receipt? Receipt, Exception Exception) : Happening
    {
        public override string ToString() => $"throws at {Receipt}: {Exception}";
    }

    public sealed record LockExpired(Receipt Receipt) : Happening
    {
        public override string ToString() => $"takes back {Receipt}: its lock is over";
    }

    public sealed record GivenBack(Receipt Receipt, bool OnDrain) : Happening
    {
        public override string ToString() => $"takes back {Receipt}: released";
    }

    /// <param name="Receipt">The delivery that completed it.</param>
    /// <param name="Durable">The same request as the store holds it at this moment.</param>
    public sealed record Completed(Receipt Receipt, LedgerRecord? Durable) : Happening
    {
        public override string ToString() => $"completes {Receipt}";
    }

    public sealed record DeadLettered(Receipt Receipt, string Reason) : Happening
    {
        public override string ToString() => $"dead-letters {Receipt}: {Reason}";
    }

    public sealed record CopyTaken(Receipt From, long Sequence, string MessageId, DateTimeOffset ScheduledFor) : Happening
    {
        public override string ToString() => $"takes #{Sequence} {MessageId}, a copy of {From}, for {ScheduledFor:HH:mm:ss.fff}";
    }

    /// <param name="Before">As it was.</param>
    /// <param name="After">As it is now.</param>
    /// <param name="IsMember">Whether the resource is, in truth, a member of the group at this moment.</param>
    public sealed record Wrote(LedgerRecord? Before, LedgerRecord After, bool IsMember) : Happening
    {
        public override string ToString() =>
            $"writes {After.Key.Account}/{After.Key.RequestId} {After.State} owner {After.Owner} epoch {After.Epoch} for {After.LeaseFor:c} attempts {After.Attempts}"
            + $"{(After.MayHaveLeft ? " may have left" : "")}{(After.Outcome is { } told ? $" {told.Type}" : "")}";
    }

    public sealed record CallBegan(EcsExchange Call) : Happening
    {
        public override string ToString() => $"calls {Call}, believing {Call.Belief}";
    }

    /// <summary>A quota has taken a call, or has not.</summary>
    public sealed record Counted(EcsExchange Call, QuotaPlan Quota, bool IsRefused) : Happening
    {
        public override string ToString() => $"counts {Call}{(IsRefused ? ", and refuses it" : "")}";
    }

    /// <summary>A call that changes groups was carried out.</summary>
    public sealed record CallReached(EcsExchange Call, bool Effective) : Happening
    {
        public override string ToString() => $"{(Effective ? "carries out" : "has nothing to do for")} {Call}";
    }

    public sealed record CallEnded(EcsExchange Call, string? Code, TimeSpan? RetryAfter, QuotaBelief Belief) : Happening
    {
        /// <summary>It never left the worker's machine.</summary>
        public bool NeverLeft { get; init; }

        public override string ToString() => $"hears {Code ?? "ok"} of {Call}{(RetryAfter is { } hint ? $", retry after {hint}" : "")}";
    }

    public sealed record EventTaken(OutcomeEvent Event) : Happening
    {
        public override string ToString() => $"takes event {Event.Id} {Event.Type} of {Event.Subject}";
    }

    public sealed record EventRefused(OutcomeEvent Event) : Happening
    {
        public override string ToString() => $"does not take event {Event.Id} {Event.Type} of {Event.Subject}";
    }

    /// <summary>A sender has submitted a job; its door may take it or not.</summary>
    public sealed record JobAsked(JobRequest Job) : Happening
    {
        public override string ToString() => $"submits job {Job.Key}: {Job.Action} {Job.Group}, {(Job.Resources is { } listed ? $"{listed.Count} listed" : "selected")}"
            + $"{(Job.Approval == JobApprovalRule.Required ? ", to be approved" : "")}{(Job.DryRun ? ", dry run" : "")}, {Job.MaxFailures?.ToString(CultureInfo.InvariantCulture) ?? "some"} may fail, until {Job.ExpiresAt:HH:mm:ss}";
    }

    /// <param name="Resource">Its id.</param>
    /// <param name="Region">Where it is.</param>
    /// <param name="Tags">Null where no read shows them.</param>
    /// <param name="Host">The instance that an interface is attached to, all the time; null where there is none.</param>
    public sealed record Tagged(string Resource, string Region, IReadOnlyDictionary<string, string>? Tags, string? Host) : Happening
    {
        public override string ToString() => $"{Resource}{(Host is null ? "" : $" of {Host}")} has the tags {(Tags is null ? "nobody knows" : string.Join(", ", Tags))}";
    }

    /// <param name="Resource">Its id.</param>
    /// <param name="Tag">As <c>key=value</c>; null where it was taken away.</param>
    /// <param name="IsProtected">Whether the tag that it has from now on is one that the settings protect.</param>
    public sealed record TagChanged(string Resource, string? Tag, bool IsProtected) : Happening
    {
        public override string ToString() => Tag is null ? $"untag {Resource}" : $"tag {Resource} {Tag}{(IsProtected ? ", which is protected" : "")}";
    }

    /// <summary>Somebody was answered who has submitted or decided something about a job.</summary>
    public sealed record JobAnswered(JobKey Job, string What) : Happening
    {
        public override string ToString() => $"is answered about job {Job}: {What}";
    }

    /// <summary>A message of the product's own has come to a queue.</summary>
    public sealed record Issued(Letter Letter) : Happening
    {
        public override string ToString() => $"issues {Letter}";
    }

    /// <param name="Before">The job as it was; null where it is new.</param>
    /// <param name="After">The job as it is now.</param>
    /// <param name="Plan">The plan as its rows have it; null where there is none.</param>
    public sealed record JobWrote(JobHead? Before, JobHead After, IReadOnlyList<PlanItem>? Plan) : Happening
    {
        public override string ToString() => $"writes job {After.Request.Key} {After.State}{(After.EndedAs is { } end ? $" {end}" : "")} owner {After.Owner} epoch {After.Epoch}"
            + $"{(Plan is null ? "" : $" plan of {Plan.Count}")}{(After.Open is { } open ? $" open {open.Number} ({open.Count}{(open.IssuedAt is null ? "" : ", issued")})" : "")} closed {After.Closed} next {After.Next}"
            + $" failures {After.Counts.Failures}{(After.Cancel is null ? "" : " cancelled")}{(After.Approval is { } approval ? approval.IsApproved ? " approved" : " rejected" : "")}"
            + $" told {After.Told}, turn {After.Turn.MessageId} {After.Turn.Postponements}";
    }

    public sealed record HoldPut(Hold Hold) : Happening
    {
        public override string ToString() => $"holds {Hold.Scope} ({Hold.Id})";
    }

    public sealed record HoldLifted(string Id) : Happening
    {
        public override string ToString() => $"lifts {Id}";
    }

    /// <param name="Most">How many resources clean-ups may change in an hour.</param>
    /// <param name="StoreSkew">How far the clock is off by which the hour counts.</param>
    public sealed record Limited(int Most, TimeSpan StoreSkew) : Happening
    {
        public override string ToString() => $"lets clean-ups change {Most} an hour, by a clock that is off by {StoreSkew:c}";
    }

    public sealed record Died(string Process) : Happening
    {
        public override string ToString() => "dies";
    }

    /// <summary>A policy no longer permits an account what it is about to ask: about one group, or, where none is named, at all.</summary>
    public sealed record Denied(string Account, string? Group) : Happening
    {
        public override string ToString() => $"no longer permits {Account} what is about {Group ?? "anything"}";
    }

    /// <param name="Resource">Its id; an instance stands for its primary interface.</param>
    /// <param name="Before">Empty where it was not there.</param>
    /// <param name="After">Those that it is in from now on.</param>
    /// <param name="Call">Null where it was none of ours.</param>
    public sealed record GroupsChanged(string Resource, IReadOnlyList<string> Before, IReadOnlyList<string> After, EcsExchange? Call) : Happening
    {
        public override string ToString() =>
            $"{Resource} is in {string.Join(", ", After)}{(Before.Count == 0 ? "" : $", no longer {string.Join(", ", Before)}")}{(Call is null ? "" : $", by call {Call.Number}")}";
    }

    /// <param name="Card">An interface that is no primary one.</param>
    /// <param name="Host">Null where it is attached to none from now on.</param>
    /// <param name="Since">Now, or before everything.</param>
    public sealed record Attached(string Card, string? Host, DateTimeOffset Since) : Happening
    {
        public override string ToString() => Host is null ? $"detach {Card}" : $"attach {Card} to {Host}";
    }

    /// <summary>The row by which requests know of each other's work on a resource was written.</summary>
    public sealed record RowWrote(string Account, string Resource, ResourceRow Before, ResourceRow After) : Happening
    {
        public override string ToString() => $"writes the row of {Account}/{Resource}: held by {After.HeldBy}, contained by {After.ContainedBy}, removed {string.Join(", ", After.Removed)}";
    }

    /// <summary>The same was read, by a worker on this request: who holds the resource.</summary>
    public sealed record RowRead(string Account, string Resource, LedgerKey Key) : Happening
    {
        public override string ToString() => $"shows the row of {Account}/{Resource} to {Key.RequestId}";
    }

    public sealed record FaultsOver : Happening
    {
        public override string ToString() => "faults are over";
    }

    /// <summary>Everything had ended; now messages come once more, and what has left is a member again.</summary>
    public sealed record Replay(IReadOnlySet<LedgerKey> Known) : Happening
    {
        public override string ToString() => "everything has ended; messages are sent once more, and what had left is a member again";
    }

    public sealed record NeverEnded(string Why) : Happening
    {
        public override string ToString() => $"never ended: {Why}";
    }
}
