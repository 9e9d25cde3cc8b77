using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class OutageFaultTests : IAsyncDisposable
{
    private const int Requests = 40;

    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Fault_18_Ten_minutes_of_outage_cost_a_few_probes_burn_no_message_and_end_by_themselves(int status, string code)
    {
        _bench.One.Ecs.OnLeave(Replies.Error(status, code)).OnRead(Replies.Error(status, code));
        var over = Some.Now.AddMinutes(10);
        List<(Delivery Next, DateTimeOffset At)> queue = [.. Enumerable.Range(0, Requests).Select(number => (Message(number), Some.Now))];
        var ended = new List<Settlement>();
        var callsInOutage = 0;

        while (queue.Count > 0)
        {
            queue = [.. queue.OrderBy(item => item.At)];
            var (next, at) = queue[0];
            queue.RemoveAt(0);
            _bench.Clock.Advance(at > _bench.Clock.GetUtcNow() ? at - _bench.Clock.GetUtcNow() : TimeSpan.Zero);
            if (callsInOutage == 0 && _bench.Clock.GetUtcNow() >= over)
            {
                callsInOutage = _bench.One.Ecs.Calls.Count;
                _bench.One.Ecs.OnLeave(Replies.Ok).OnRead(Replies.Instance("sg-bp1web", "sg-bp1base"));
            }

            var settlement = await _bench.One.HandleAsync(next);
            if (settlement is Settlement.Postpone postpone)
            {
                queue.Add((next with { Postponements = next.Postponements + 1 }, postpone.Until));
            }
            else
            {
                ended.Add(settlement);
            }
        }

        // Five to notice, then one every half minute to minute, and their look-backs.
        Assert.InRange(callsInOutage, 5, 30);
        Assert.All(ended, settlement => Assert.Equal(("Removed", null), FaultBench.EndOf(Assert.IsType<Settlement.Complete>(settlement))));
        Assert.Equal(Requests, ended.Count);
        Assert.True(_bench.Clock.GetUtcNow() < over.AddMinutes(20), "It has taken too long to notice that ECS is back.");
        Assert.Empty(_bench.One.Circuits.Snapshot());
    }

    [Fact]
    public async Task Fault_18_An_outage_of_one_region_leaves_the_others_alone()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(503, "ServiceUnavailable")).OnRead(Replies.Error(503, "ServiceUnavailable"));
        for (var number = 0; number < 5; number++)
        {
            await _bench.One.HandleAsync(Message(number));
        }

        Assert.All(_bench.One.Circuits.Snapshot(), closed => Assert.EndsWith(" in cn-hangzhou of account default", closed.Name, StringComparison.Ordinal));
        Assert.NotEmpty(_bench.One.Circuits.Snapshot());
        _bench.One.Ecs.OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync(Message(7)));
        var elsewhere = Some.Body.Replace("r-1", "r-8", StringComparison.Ordinal).Replace("cn-hangzhou", "cn-beijing", StringComparison.Ordinal);
        Assert.IsType<Settlement.Complete>(await _bench.One.HandleAsync(elsewhere, "m-8"));
    }

    private static Delivery Message(int number) => Some.Delivery(Some.Body.Replace("r-1", $"r-{number}", StringComparison.Ordinal), $"m-{number}");
}
