using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

public sealed class JobEventTests
{
    /// <summary>A driver that is gone after it has told the bus is followed by one that tells it again, and somebody may have approved in between.</summary>
    [Fact]
    public void That_a_job_is_planned_is_the_same_event_before_and_after_its_approval()
    {
        var waiting = (SomeJob.Head(SomeJob.Request with { Approval = JobApprovalRule.Required }) with { State = JobState.Planning }).Planned(SomeJob.Plan(3));
        var approved = waiting with { State = JobState.Running, Approval = new("sha256:0", true, new("bob", Some.Now.AddHours(1)), "http") };

        var told = JobEvent.Of(waiting, JobEvents.Planned);
        var again = JobEvent.Of(approved, JobEvents.Planned);

        Assert.Equal(JobState.AwaitingApproval, waiting.State);
        Assert.Equal((told.Id, Text(told)), (again.Id, Text(again)));
        Assert.Contains("\"expiresAt\"", Text(told), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "1 resource is to leave sg-legacy.")]
    [InlineData(2_000, "2,000 resources are to leave sg-legacy.")]
    public void Its_sentence_counts(int count, string sentence) =>
        Assert.Equal(sentence, JobSentences.Planned(SomeJob.Head().Planned(SomeJob.Plan(count)), JobEvents.Planned));

    private static string Text(Ungroup.Messages.OutcomeEvent told) => System.Text.Encoding.UTF8.GetString(told.Json.Span);
}
