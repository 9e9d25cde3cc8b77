using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class DuplicateFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_01_The_same_message_twice_one_after_the_other_is_one_call_and_one_event_id()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);

        var first = await _bench.One.HandleAsync();
        var second = await _bench.Two.HandleAsync();

        Assert.Equal((false, true), (first.Replayed, Assert.IsType<Settlement.Complete>(second).Replayed));
        Assert.Equal(first.Outcome!.Json.ToArray(), second.Outcome!.Json.ToArray());
        Assert.Equal(1, _bench.Leaves);
        Assert.Single(_bench.Told);
    }

    [Fact]
    public async Task Fault_02_The_same_message_twice_at_once_has_one_owner_and_the_other_waits_for_it()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok.After(TimeSpan.FromSeconds(2), _bench.Clock));
        var first = _bench.One.BeginAlone(Some.Delivery());
        await HandlerBench.UntilAsync(() => _bench.Leaves == 1);

        var second = Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync());
        Assert.IsType<Settlement.Complete>(await _bench.One.RunAsync(first));
        _bench.Clock.SetUtcNow(second.Until);
        var copy = await _bench.Two.HandleAsync();

        Assert.True(Assert.IsType<Settlement.Complete>(copy).Replayed);
        Assert.Equal(1, _bench.Leaves);
        Assert.Single(_bench.Told);
    }

    [Fact]
    public async Task Fault_03_The_same_key_with_another_payload_is_a_conflict_and_calls_nothing()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        await _bench.One.HandleAsync();

        var other = await _bench.Two.HandleAsync(Some.Body.Replace("sg-bp1web", "sg-other", StringComparison.Ordinal), "m-2");

        var letter = Assert.IsType<Settlement.DeadLetter>(other);
        Assert.Equal("IdempotencyConflict", letter.Reason);
        Assert.Equal(("Rejected", "IdempotencyConflict"), FaultBench.EndOf(letter));
        Assert.Equal(1, _bench.Leaves);
        Assert.Empty(_bench.Two.Ecs.Calls);
    }

    [Fact]
    public async Task Fault_34_A_duplicate_after_the_record_was_forgotten_finds_nothing_to_do()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        await using (var first = _bench.One)
        {
            await first.HandleAsync();
        }

        _bench.Clock.Advance(TimeSpan.FromDays(31));
        Assert.Equal(1, (await _bench.Two.SweepAsync()).Forgotten);
        _bench.Two.Ecs.OnLeave(Replies.Error(404, "InvalidSecurityGroupAssociation.NotFound"));

        var late = await _bench.Two.HandleAsync(Some.Delivery() with { EnqueuedAt = _bench.Clock.GetUtcNow() });

        Assert.Equal(("AlreadyAbsent", null), FaultBench.EndOf(late));
    }

    [Fact]
    public async Task Fault_35_A_message_and_its_scheduled_copy_are_one_call_whichever_comes_first()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));
        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync());
        var copy = PostponedCopy.Of(Some.Delivery(), postpone);
        _bench.Clock.SetUtcNow(postpone.Until);
        _bench.Two.Ecs.OnLeave(Replies.Ok);

        // The host died between sending the copy and completing the message, so both come.
        var original = await _bench.Two.HandleAsync(Some.Delivery() with { DeliveryCount = 2 });
        var twin = await _bench.Two.HandleAsync(Some.Delivery(messageId: copy.MessageId) with { Properties = copy.Properties });

        Assert.Equal(("Removed", null), FaultBench.EndOf(original));
        Assert.True(Assert.IsType<Settlement.Complete>(twin).Replayed);
        Assert.Single(_bench.Two.Ecs.Leaves);
        Assert.Single(_bench.Told);
    }
}
