using System.Text.Json.Nodes;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Outcomes;

public sealed class LargeOutcomeTests : IAsyncDisposable
{
    private static readonly string Wordy = Some.Body.Replace(
        "}", $$""","requestedBy":"playbook","reason":"{{new string('x', 1_024)}}"}""", StringComparison.Ordinal);

    private readonly HandlerBench _bench = new();

    public LargeOutcomeTests() => _bench.Ecs.OnLeave(Replies.Ok).OnRead(Replies.NoInstance);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_30_An_outcome_too_large_for_the_bus_loses_its_evidence_and_never_itself()
    {
        _bench.Bus.Largest = 1_200;

        Assert.IsType<Settlement.Complete>(await _bench.HandleAsync(Wordy));

        var kept = await KeptAsync();
        var told = Assert.Single(_bench.Bus.Published);
        Assert.Equal((kept.Outcome!.Id, kept.Outcome.Type, kept.Outcome.Subject), (told.Id, told.Type, told.Subject));
        Assert.Contains("xxx", DataOf(kept.Outcome)["request"]!["reason"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Null(DataOf(kept.Outcome)["truncated"]);

        var data = DataOf(told);
        Assert.True(data["truncated"]!.GetValue<bool>());
        Assert.EndsWith(" the whole of it is kept in the ledger under default/r-1.", data["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("i-bp1web1", data["request"]!["instanceId"]!.GetValue<string>());
        Assert.Null(data["request"]!["reason"]);
        Assert.Null(data["request"]!["requestedBy"]);
        Assert.Empty(data["ecsRequestIds"]!.AsArray());
        Assert.Equal(kept.Outcome.FilterProperties(), told.FilterProperties());
    }

    [Fact]
    public async Task An_outcome_that_fits_no_way_stays_pending_until_the_bus_takes_larger_ones()
    {
        _bench.Bus.Largest = 100;

        await _bench.HandleAsync(Wordy);
        Assert.Empty(_bench.Bus.Published);
        Assert.Equal(LedgerState.Decided, (await KeptAsync()).State);

        _bench.Bus.Largest = int.MaxValue;
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, (await _bench.SweepAsync()).Published);
        Assert.Null(DataOf(Assert.Single(_bench.Bus.Published))["truncated"]);
    }

    [Fact]
    public async Task What_no_ledger_holds_is_looked_up_in_the_dead_letter_queue()
    {
        _bench.Bus.Largest = 1_300;

        var letter = Assert.IsType<Settlement.DeadLetter>(await _bench.HandleAsync($$"""{"dryrun":"{{string.Concat(Enumerable.Repeat("word ", 300))}}"}"""));

        var data = DataOf(Assert.Single(_bench.Bus.Published));
        Assert.Null(data["excerpt"]);
        Assert.EndsWith(" the whole message is in the dead-letter queue under m-1.", data["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains(" The body: {", letter.Description, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Written => new()
    {
        { Some.Body, new string('\u0001', 60_000) },
        { Some.Body, new string('隔', 60_000) },
        { "{}", new string('\u0001', 60_000) },
        { Some.Body.Replace("r-1", new string('r', 128), StringComparison.Ordinal).Replace("web1", new string('w', 57), StringComparison.Ordinal), string.Concat(Enumerable.Repeat("🧯", 200)) },
        { "{\"" + new string('隔', 3_000) + "\":1,\"securityGroupId\":\"" + new string('\u202e', 1_000) + "\",\"origin\":\"" + new string('x', 4_000) + "\"}", new string('"', 60_000) },
    };

    [Theory]
    [MemberData(nameof(Written))]
    public async Task Whatever_a_sender_writes_a_short_event_has_8_000_bytes_at_most(string body, string messageId)
    {
        _bench.Bus.TakesShortOnesOnly = true;

        Assert.IsNotType<Settlement.Postpone>(await _bench.HandleAsync(body, messageId));

        var told = Assert.Single(_bench.Bus.Published);
        Assert.True(DataOf(told)["truncated"]!.GetValue<bool>());
        Assert.InRange(told.Json.Length, 1, 8_000);
        Assert.All(told.FilterProperties().Values, value => Assert.InRange(value.Length, 1, 128));
    }

    private static JsonNode DataOf(OutcomeEvent told) => JsonNode.Parse(told.Json.Span)!["data"]!;

    private async Task<LedgerRecord> KeptAsync() =>
        (await _bench.Ledger.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken))!.Record;
}
