using Ungroup.Ecs.Changes;
using Ungroup.Messages;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class RemovalDeadlineTests
{
    private readonly EcsBench _bench = new();

    private static RemovalProgress Over { get; } = Removals.Progress with { Deadline = Removals.Start };

    [Fact]
    public void No_attempt_is_made_at_the_deadline()
    {
        var outcome = _bench.End(progress: Over);

        Assert.Equal((OutcomeStatus.Failed, "DeadlineExceeded"), (outcome.Status, outcome.Code));
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public void A_request_that_ran_out_of_time_fails_with_the_last_code_of_ECS()
    {
        var outcome = _bench.End(progress: Over with { LastCode = "IncorrectInstanceStatus" });

        Assert.Equal((OutcomeStatus.Failed, "IncorrectInstanceStatus"), (outcome.Status, outcome.Code));
        Assert.Contains("IncorrectInstanceStatus", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void At_the_deadline_a_call_that_may_have_worked_is_looked_up_once()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base));

        var ended = Assert.IsType<RemovalResult.Decided>(_bench.Run(progress: Over with { MayHaveLeft = true }));

        Assert.Equal(OutcomeStatus.Removed, ended.Outcome.Status);
        Assert.True(ended.Outcome.ConfirmedByReadBack);
        Assert.Equal(new CallCount(0, 1), ended.Calls);
    }

    [Fact]
    public void At_the_deadline_a_member_has_failed_to_leave()
    {
        _bench.Ecs.OnRead(Replies.Instance(Removals.Base, Removals.Group));

        var outcome = _bench.End(progress: Over with { MayHaveLeft = true, LastCode = "RequestTimeout" });

        Assert.Equal((OutcomeStatus.Failed, "RequestTimeout"), (outcome.Status, outcome.Code));
        Assert.Equal([Removals.Base, Removals.Group], outcome.GroupsBefore);
    }

    [Fact]
    public void At_the_deadline_what_cannot_be_looked_up_is_said_to_be_unknown()
    {
        _bench.Ecs.OnRead(Replies.Reset);

        var outcome = _bench.End(progress: Over with { MayHaveLeft = true, LastCode = "RequestTimeout" });

        Assert.Equal((OutcomeStatus.Failed, "RequestTimeout"), (outcome.Status, outcome.Code));
        Assert.Contains("may have worked", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void No_wait_outlasts_the_deadline()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));

        var wait = _bench.Wait(progress: Removals.Progress with { Deadline = Removals.Start + TimeSpan.FromSeconds(3) });

        Assert.Equal(Removals.Start + TimeSpan.FromSeconds(3), wait.Until);
    }

    [Fact]
    public void A_deadline_between_two_tries_ends_it()
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"));

        var outcome = _bench.End(progress: Removals.Progress with { Deadline = Removals.Start + TimeSpan.FromSeconds(1) });

        Assert.Equal((OutcomeStatus.Failed, "InvalidOperation.Conflict"), (outcome.Status, outcome.Code));
        Assert.Single(_bench.Ecs.Calls);
    }

    [Fact]
    public void A_deadline_that_comes_while_the_attempt_is_made_durable_ends_it_without_a_call()
    {
        var progress = Removals.Progress with
        {
            Deadline = Removals.Start + TimeSpan.FromSeconds(1),
            BeginAttemptAsync = _ =>
            {
                _bench.Clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult(true);
            },
        };

        Assert.Equal("DeadlineExceeded", _bench.End(progress: progress).Code);
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public void A_deadline_that_comes_while_the_row_of_the_resource_is_read_ends_it_without_a_call()
    {
        var progress = Removals.Progress with
        {
            Deadline = Removals.Start + TimeSpan.FromSeconds(1),
            HolderAsync = _ =>
            {
                _bench.Clock.Advance(TimeSpan.FromSeconds(1));
                return Task.FromResult<string?>(null);
            },
        };

        Assert.Equal("DeadlineExceeded", _bench.End(progress: progress).Code);
        Assert.Empty(_bench.Ecs.Calls);
    }
}
