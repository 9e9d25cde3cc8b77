using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Faults;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

public sealed class NotBeforeTests : IAsyncDisposable
{
    private static readonly DateTimeOffset NotBefore = Some.Now.AddHours(1);
    private static readonly string Body = With("2026-01-02T04:04:05Z");

    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_request_is_recorded_before_it_waits_and_its_deadline_counts_from_its_time()
    {
        Assert.Equal(NotBefore, Assert.IsType<Settlement.Postpone>(await HandleAsync()).Until);

        var record = await _bench.RecordAsync();
        Assert.Equal((LedgerState.Claimed, null, Some.Now, NotBefore.AddDays(1)), (record.State, record.Owner, record.FirstSeenAt, record.Deadline));
        Assert.Empty(_bench.One.Ecs.Calls);
    }

    [Fact]
    public async Task It_is_called_once_when_its_time_has_come()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);

        var settlements = await _bench.SettleAsync(_bench.One, Some.Delivery(Body));

        Assert.Equal(("Removed", null), FaultBench.EndOf(settlements[^1]));
        Assert.Equal((2, 1), (settlements.Count, _bench.Leaves));
        Assert.Equal(NotBefore, _bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_duplicate_waits_for_the_same_time_and_not_from_minute_to_minute()
    {
        await HandleAsync();

        var again = Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync(Some.Delivery(Body, "m-2")));

        Assert.InRange(again.Until, NotBefore, NotBefore.AddSeconds(5));
    }

    [Fact]
    public async Task Who_uses_its_key_for_something_else_meanwhile_is_told_at_once()
    {
        await HandleAsync();

        var other = await _bench.Two.HandleAsync(Some.Delivery(With("2026-01-02T05:04:05Z"), "m-2"));

        Assert.Equal(("Rejected", "IdempotencyConflict"), FaultBench.EndOf(other));
    }

    [Fact]
    public async Task Its_end_is_told_also_where_its_message_is_gone()
    {
        await HandleAsync();
        _bench.Clock.SetUtcNow(NotBefore + TimeSpan.FromDays(1) + TimeSpan.FromMinutes(6));

        Assert.Equal(new SweepReport(Published: 0, Ended: 1, Forgotten: 0), await _bench.Two.SweepAsync());
    }

    private Task<Settlement> HandleAsync() => _bench.One.HandleAsync(Body);

    private static string With(string notBefore) =>
        Some.Body.Replace("{", $$"""{"notBefore":"{{notBefore}}",""", StringComparison.Ordinal);
}
