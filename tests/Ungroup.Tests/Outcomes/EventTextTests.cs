using System.Text;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Tests.Jobs;
using Ungroup.Tests.Support;
using Ungroup.Watch;

namespace Ungroup.Tests.Outcomes;

/// <summary>Every kind of event to the byte: the order of its members, and how any script and what would move a terminal's cursor are written.</summary>
public sealed class EventTextTests
{
    private const string AnyScript = "隔离 \"Größe\" & <b>\u001b[1m\u202e";

    [Fact]
    public void Each_kind_of_event_is_written_as_it_always_was() => Snapshot.Matches(
        string.Join('\n', ((OutcomeEvent[])[Removed(), Planned(), Ended(), Broken()]).Select(told => $"{told.Id} {told.Type} {told.Subject}\n{Encoding.UTF8.GetString(told.Json.Span)}\n")),
        "tests/Ungroup.Tests/Outcomes/Events.verified.txt");

    private static OutcomeEvent Removed() => OutcomeEventWriter.Write(
        Some.Request() with { Reason = AnyScript },
        new Outcome { Status = OutcomeStatus.Removed, Sentence = AnyScript, EcsRequestIds = ["E-1"], GroupsBefore = ["sg-1", "sg-2"], GroupsAfter = ["sg-2"] },
        Some.Delivery(), Some.Now);

    private static OutcomeEvent Planned() => JobEvent.Of(
        Job.Planned(SomeJob.Plan(3) with { LeftOut = [new("eni-9", AnyScript)] }), JobEvents.Planned);

    private static OutcomeEvent Ended() => JobEvent.Of(
        Job.Planned(SomeJob.Plan(3)) with { EndedAs = JobEnd.Completed, EndedAt = Some.Now.AddMinutes(5) }, JobEvents.Ended);

    private static OutcomeEvent Broken() => BrokenEvent.Of(
        new("default", "i-1", new ResourceRow { ContainedBy = "r-1", ContainedAt = Some.Now }), new(Some.Now.AddHours(1), ["sg-isolation", "sg-a"]), "sg-isolation");

    private static JobHead Job => SomeJob.Head(SomeJob.Request with { Reason = AnyScript, RequestedBy = "ops" });
}
