using System.Text.Json.Nodes;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests;

public sealed class RemovalHandlerTests : IAsyncDisposable
{
    private readonly HandlerBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_removal_is_called_once_recorded_told_and_completed()
    {
        _bench.Ecs.OnLeave(Replies.Ok);

        var settlement = await _bench.HandleAsync();

        var complete = Assert.IsType<Settlement.Complete>(settlement);
        Assert.False(complete.Replayed);
        Assert.Equal(new CallCount(1, 1), complete.Calls);
        Assert.Equal("Removed", DataOf(Assert.Single(_bench.Bus.Published))["status"]!.GetValue<string>());
        Assert.Equal(LedgerState.Decided, (await Record()).State);
    }

    [Fact]
    public async Task That_an_outcome_was_told_is_written_down_off_the_path_of_the_message_and_at_the_latest_at_the_end()
    {
        var store = new MemoryLedgerStore(_bench.Clock);
        await using (var bench = new HandlerBench(store))
        {
            bench.Ecs.OnLeave(Replies.Ok, Replies.Ok);
            await bench.HandleAsync();
            await bench.HandleAsync(Some.Body.Replace("r-1", "r-2", StringComparison.Ordinal));
        }

        Assert.Empty(await store.ReadDueAsync(Due.Publishing, DateTimeOffset.MaxValue, behind: null, 10, TestContext.Current.CancellationToken));
        Assert.Equal(2, (await store.ReadDueAsync(Due.Forgetting, DateTimeOffset.MaxValue, behind: null, 10, TestContext.Current.CancellationToken)).Count);
    }

    [Fact]
    public async Task A_second_delivery_repeats_the_event_word_for_word_and_calls_nothing()
    {
        _bench.Ecs.OnLeave(Replies.Ok);
        await _bench.HandleAsync();
        _bench.Clock.Advance(TimeSpan.FromHours(1));

        var again = await _bench.HandleAsync(messageId: "m-2");

        Assert.True(Assert.IsType<Settlement.Complete>(again).Replayed);
        Assert.Equal(default, again.Calls);
        Assert.Single(_bench.Ecs.Calls);
        Assert.Equal(_bench.Bus.Published[0].Json.ToArray(), _bench.Bus.Published[1].Json.ToArray());
    }

    [Fact]
    public async Task A_worker_whose_clock_is_behind_the_brokers_postpones_by_the_brokers()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));
        var ahead = TimeSpan.FromMinutes(5);
        var early = Some.Delivery() with { EnqueuedAt = Some.Now + ahead };

        var first = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(early));
        var second = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(Some.Delivery() with
        {
            MessageId = PostponedCopy.Of(early, first).MessageId,
            EnqueuedAt = first.Until,
            Properties = PostponedCopy.Of(early, first).Properties,
        }));

        Assert.InRange(first.Until, Some.Now + ahead, Some.Now + ahead + TimeSpan.FromSeconds(10));
        Assert.InRange(second.Until, first.Until + TimeSpan.FromSeconds(1), first.Until + TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task The_same_key_with_another_payload_is_rejected_and_never_reaches_ECS()
    {
        _bench.Ecs.OnLeave(Replies.Ok);
        await _bench.HandleAsync();

        var conflict = await _bench.HandleAsync(Some.Body.Replace("i-bp1web1", "i-bp1web2", StringComparison.Ordinal));

        var letter = Assert.IsType<Settlement.DeadLetter>(conflict);
        Assert.Equal("IdempotencyConflict", letter.Reason);
        Assert.Contains("r-1", letter.Description, StringComparison.Ordinal);
        Assert.Single(_bench.Ecs.Calls);
        Assert.Equal(["Removed", "Rejected"], _bench.Bus.Published.Select(told => DataOf(told)["status"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_message_that_is_no_request_is_told_and_dead_lettered_on_its_first_delivery()
    {
        var letter = Assert.IsType<Settlement.DeadLetter>(await _bench.HandleAsync("this is not JSON"));

        Assert.Equal("InvalidRequest", letter.Reason);
        var data = DataOf(Assert.Single(_bench.Bus.Published));
        Assert.Equal(("Rejected", "InvalidRequest"), (data["status"]!.GetValue<string>(), data["code"]!.GetValue<string>()));
        Assert.False(data.AsObject().ContainsKey("requestId"));
        Assert.Equal("message:m-1", letter.Outcome!.Subject);
    }

    [Fact]
    public async Task A_corrected_request_may_use_the_key_of_one_that_was_rejected()
    {
        _bench.Ecs.OnLeave(Replies.Ok);
        await _bench.HandleAsync(Some.Body.Replace("i-bp1web1", "web-1", StringComparison.Ordinal));

        Assert.IsType<Settlement.Complete>(await _bench.HandleAsync());
    }

    [Fact]
    public async Task A_request_whose_time_has_passed_expires_without_a_call()
    {
        var settlement = await _bench.HandleAsync(With("\"expiresAt\":\"2026-01-02T03:04:05Z\""));

        Assert.Equal("ungroup.removal.Expired.v1", settlement.Outcome!.Type);
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public async Task A_request_whose_time_passes_while_ECS_cannot_be_reached_expires_and_says_so()
    {
        _bench.Ecs.OnLeave(Replies.Broken(new HttpRequestException(HttpRequestError.NameResolutionError)));
        var body = With("\"expiresAt\":\"2026-01-02T03:04:25Z\"");
        Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(body));
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));

        var data = DataOf(Assert.IsType<Settlement.Complete>(await _bench.HandleAsync(body)).Outcome!);

        Assert.Equal("Expired", data["status"]!.GetValue<string>());
        Assert.Contains("NoReply.Dns", data["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_without_a_secure_connection_may_have_worked_all_the_same_and_is_looked_after_before_its_request_expires()
    {
        var tls = Replies.Broken(new HttpRequestException(HttpRequestError.SecureConnectionError));
        _bench.Ecs.OnLeave(tls).OnRead(tls);
        var body = With("\"expiresAt\":\"2026-01-02T03:04:25Z\"");
        Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(body));
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        _bench.Ecs.OnRead(Replies.Instance("sg-bp1base"));

        var data = DataOf(Assert.IsType<Settlement.Complete>(await _bench.HandleAsync(body)).Outcome!);

        Assert.Equal("Removed", data["status"]!.GetValue<string>());
        Assert.True(data["confirmedByReadBack"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-600, 0)]
    [InlineData(3600, 0)]
    [InlineData(3600, 240)]
    [InlineData(90, 0)]
    public async Task Fault_65_What_goes_to_the_broker_is_in_its_time_however_wrong_our_clock_is(int ahead, int backlog)
    {
        _bench.Ecs.OnLeave(Replies.Error(409, "InvalidOperation.Conflict"));
        var brokers = _bench.Clock.GetUtcNow() - TimeSpan.FromSeconds(ahead);
        var began = _bench.Clock.GetTimestamp();

        // It has waited in a backlog, and is locked for a minute from now.
        var delivery = Some.Delivery() with { EnqueuedAt = brokers.AddSeconds(-backlog), LockedUntil = brokers.AddMinutes(1) };
        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(delivery));

        var wait = postpone.Until - (brokers + _bench.Clock.GetElapsedTime(began));
        Assert.InRange(wait, TimeSpan.FromSeconds(12 - Math.Min(backlog, 240)), TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void Fault_65_A_clock_that_jumps_while_a_message_is_handled_puts_nothing_off(int seconds)
    {
        var clock = new SteppedClock(_bench.Clock);
        var broker = new BrokerTime(Some.Delivery() with { EnqueuedAt = clock.GetUtcNow() }, clock);

        _bench.Clock.Advance(TimeSpan.FromSeconds(3));
        clock.Step = TimeSpan.FromSeconds(seconds);

        Assert.Equal(_bench.Clock.GetUtcNow().AddSeconds(15), broker.OfOurs(clock.GetUtcNow().AddSeconds(15)));
        Assert.Equal(_bench.Clock.GetUtcNow(), broker.Now);
    }

    [Theory]
    [InlineData(-600)]
    [InlineData(0)]
    [InlineData(3600)]
    public async Task A_request_waits_for_its_notBefore_by_the_clock_of_the_broker(int ahead)
    {
        var brokers = Some.Now - TimeSpan.FromSeconds(ahead);
        var notBefore = brokers.AddMinutes(20);
        var body = With($"\"notBefore\":\"{notBefore:yyyy-MM-dd'T'HH:mm:ss'Z'}\"");

        var postpone = Assert.IsType<Settlement.Postpone>(
            await _bench.HandleAsync(Some.Delivery(body) with { EnqueuedAt = brokers, LockedUntil = brokers.AddMinutes(1) }));

        Assert.Equal(notBefore, postpone.Until);
    }

    [Theory]
    [InlineData("Guardrails:ProtectedGroups:0", "sg-bp1web", "ProtectedGroup")]
    [InlineData("Guardrails:ProtectedResources:0", "i-bp1web1", "ProtectedResource")]
    public async Task What_is_protected_is_refused_by_name_of_the_guardrail_and_the_setting(string key, string value, string code)
    {
        await using var bench = new HandlerBench(null, (key, value));

        var settlement = await bench.HandleAsync();

        var data = DataOf(Assert.IsType<Settlement.Complete>(settlement).Outcome!);
        Assert.Equal(("Refused", code), (data["status"]!.GetValue<string>(), data["code"]!.GetValue<string>()));
        Assert.Contains(key.Split(':')[1], data["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(bench.Ecs.Calls);
    }

    [Fact]
    public async Task A_dry_run_reads_and_plans_and_leaves_nothing()
    {
        _bench.Ecs.On("DescribeInstances", Replies.Instance("sg-bp1base", "sg-bp1web")).On("DescribeSecurityGroups", Replies.Group());

        var settlement = await _bench.HandleAsync(With("\"dryRun\":true"));

        Assert.Equal("Planned", DataOf(settlement.Outcome!)["status"]!.GetValue<string>());
        Assert.Empty(_bench.Ecs.Leaves);
        Assert.Equal(0, settlement.Calls.Attempts);
    }

    [Fact]
    public async Task A_request_that_has_to_wait_gives_its_lease_up_and_is_taken_up_by_its_copy()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"), Replies.Ok);
        var first = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync());
        Assert.InRange(first.Until - _bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
        Assert.Equal(("IncorrectInstanceStatus", null), ((await Record()).LastCode, (await Record()).Owner));

        _bench.Clock.SetUtcNow(first.Until);
        var copy = await _bench.HandleAsync(Some.Delivery() with { MessageId = "m-1~1", Postponements = 1 });

        Assert.Equal("ungroup.removal.Removed.v1", Assert.IsType<Settlement.Complete>(copy).Outcome!.Type);
        Assert.Equal(2, DataOf(copy.Outcome!)["attempts"]!.GetValue<int>());
    }

    [Fact]
    public async Task While_another_delivery_works_on_the_request_this_one_comes_back_soon()
    {
        await _bench.Ledger.ClaimAsync(Read(Some.Body), "m-1", Some.Deadline, TestContext.Current.CancellationToken);

        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync());

        Assert.InRange(postpone.Until - Some.Now, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public async Task Who_takes_over_a_called_request_reads_first_and_does_not_call_again()
    {
        var dead = Assert.IsType<Claim.Granted>(await _bench.Ledger.ClaimAsync(Read(Some.Body), "m-1", Some.Deadline, TestContext.Current.CancellationToken));
        await _bench.Ledger.BeginAttemptAsync(dead.Lease, TestContext.Current.CancellationToken);
        _bench.Clock.Advance(TimeSpan.FromMinutes(2));
        _bench.Ecs.OnRead(Replies.Instance("sg-bp1base"));

        var settlement = await _bench.HandleAsync();

        var data = DataOf(Assert.IsType<Settlement.Complete>(settlement).Outcome!);
        Assert.Equal("Removed", data["status"]!.GetValue<string>());
        Assert.True(data["confirmedByReadBack"]!.GetValue<bool>());
        Assert.Empty(_bench.Ecs.Leaves);
    }

    [Fact]
    public async Task An_owner_that_is_overtaken_during_its_call_publishes_nothing()
    {
        var store = new MemoryLedgerStore(TimeProvider.System);
        await using var bench = new HandlerBench(store);
        bench.Ecs.OnLeave(Replies.Ok.Doing(() => Overtake(store)));

        Assert.IsType<Settlement.Postpone>(await bench.HandleAsync());

        Assert.Empty(bench.Bus.Published);
        var record = (await store.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken))!.Record;
        Assert.Equal((LedgerState.Called, "other"), (record.State, record.Owner));

        static void Overtake(MemoryLedgerStore store)
        {
            var called = store.ReadAsync(new("default", "r-1"), CancellationToken.None).GetAwaiter().GetResult()!;
            store.ReplaceAsync(called, called.Record with { Owner = "other", Epoch = 2 }, CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task A_defect_nobody_foresaw_makes_the_request_wait_and_at_its_deadline_fail_instead_of_going_round_for_ever()
    {
        _bench.Ecs.OnLeave(Replies.Broken(new NotSupportedException("Nobody foresaw this.")));
        var first = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync());
        Assert.Contains("Nobody foresaw this.", first.Why, StringComparison.Ordinal);
        Assert.Null((await Record()).Owner);
        _bench.Clock.Advance(TimeSpan.FromHours(24));
        _bench.Ecs.OnRead(Replies.Broken(new NotSupportedException("Nor this.")));

        var data = DataOf(Assert.IsType<Settlement.Complete>(await _bench.HandleAsync()).Outcome!);

        Assert.Equal(("Failed", "InternalDefect"), (data["status"]!.GetValue<string>(), data["code"]!.GetValue<string>()));
        Assert.Contains("may have worked", data["sentence"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guardrail_that_is_set_while_a_request_waits_still_counts()
    {
        var store = new MemoryLedgerStore(_bench.Clock);
        await using var before = new HandlerBench(store);
        before.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));
        Assert.IsType<Settlement.Postpone>(await before.HandleAsync());
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));

        await using var after = new HandlerBench(store, ("Guardrails:ProtectedResources:0", "i-bp1web1"));
        var settlement = await after.HandleAsync();

        Assert.Equal("ungroup.removal.Refused.v1", Assert.IsType<Settlement.Complete>(settlement).Outcome!.Type);
        Assert.Empty(after.Ecs.Calls);
    }

    [Fact]
    public async Task A_guardrail_that_is_set_after_a_call_of_unknown_effect_lets_nothing_happen_but_a_look()
    {
        var store = new MemoryLedgerStore(_bench.Clock);
        await using var before = new HandlerBench(store);
        await LoseOwnerAsync(before, "r-1");
        await LoseOwnerAsync(before, "r-2");
        _bench.Clock.Advance(TimeSpan.FromMinutes(2));
        await using var after = new HandlerBench(store, ("Guardrails:ProtectedResources:0", "i-bp1web1"));
        after.Ecs.OnRead(Replies.Instance("sg-bp1base"), Replies.Instance("sg-bp1web", "sg-bp1base"), Replies.Instance("sg-bp1web", "sg-bp1base"));

        var left = Assert.IsType<Settlement.Complete>(await after.HandleAsync());
        var stayed = Assert.IsType<Settlement.Complete>(await after.HandleAsync(Some.Body.Replace("r-1", "r-2", StringComparison.Ordinal)));

        Assert.Equal(("ungroup.removal.Removed.v1", "ungroup.removal.Refused.v1"), (left.Outcome!.Type, stayed.Outcome!.Type));
        Assert.Empty(after.Ecs.Leaves);

        static async Task LoseOwnerAsync(HandlerBench bench, string requestId)
        {
            var request = Read(Some.Body) with { RequestId = requestId };
            var claim = await bench.Ledger.ClaimAsync(request, "m-1", Some.Deadline, TestContext.Current.CancellationToken);
            await bench.Ledger.BeginAttemptAsync(Assert.IsType<Claim.Granted>(claim).Lease, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task An_outcome_is_saved_as_soon_as_the_ledger_answers_again()
    {
        var store = new UnreliableStore(new MemoryLedgerStore(_bench.Clock));
        await using var bench = new HandlerBench(store);
        bench.Ecs.OnLeave(Replies.Ok.Doing(() => store.WritesToFail = 3));

        var settlement = await bench.HandleAsync();

        Assert.Equal("ungroup.removal.Removed.v1", Assert.IsType<Settlement.Complete>(settlement).Outcome!.Type);
        Assert.Single(bench.Ecs.Calls);
    }

    [Fact]
    public async Task An_outcome_the_bus_does_not_take_stays_pending_and_is_told_by_the_sweep()
    {
        _bench.Ecs.OnLeave(Replies.Ok);
        _bench.Bus.IsAway = true;

        Assert.IsType<Settlement.Complete>(await _bench.HandleAsync());
        Assert.Equal(LedgerState.Decided, (await Record()).State);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(default, await _bench.SweepAsync());
        _bench.Bus.IsAway = false;

        Assert.Equal(new SweepReport(Published: 1, Ended: 0, Forgotten: 0), await _bench.SweepAsync());
        Assert.Equal(LedgerState.Published, (await Record()).State);
        Assert.Equal(default, await _bench.SweepAsync());
    }

    [Fact]
    public async Task A_rejected_message_stays_until_the_bus_has_its_event()
    {
        _bench.Bus.IsAway = true;
        Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync("{}"));

        _bench.Bus.IsAway = false;
        Assert.IsType<Settlement.DeadLetter>(await _bench.HandleAsync("{}"));
    }

    [Fact]
    public async Task Without_a_ledger_nothing_is_called_and_the_message_waits()
    {
        await using var bench = new HandlerBench(new UnreliableStore(new MemoryLedgerStore(_bench.Clock)) { InsertsToFail = 1 });

        var postpone = Assert.IsType<Settlement.Postpone>(await bench.HandleAsync());

        Assert.Equal("The disk is full.", postpone.Why);
        Assert.Empty(bench.Ecs.Calls);
    }

    [Fact]
    public async Task A_copy_ends_at_the_deadline_that_its_record_has()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));
        var settlement = await _bench.HandleAsync();
        var copy = PostponedCopy.Of(Some.Delivery(), Assert.IsType<Settlement.Postpone>(settlement));
        _bench.Clock.Advance(TimeSpan.FromHours(24));

        var late = await _bench.HandleAsync(
            Some.Delivery(messageId: copy.MessageId) with { EnqueuedAt = _bench.Clock.GetUtcNow(), Properties = copy.Properties });

        var data = DataOf(Assert.IsType<Settlement.Complete>(late).Outcome!);
        Assert.Equal(("Failed", "IncorrectInstanceStatus"), (data["status"]!.GetValue<string>(), data["code"]!.GetValue<string>()));
        Assert.Equal("m-1", data["messageId"]!.GetValue<string>());
    }

    private async Task<LedgerRecord> Record() =>
        (await _bench.Ledger.ReadAsync(new("default", "r-1"), TestContext.Current.CancellationToken))!.Record;

    private static RemovalRequest Read(string body) => Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(body))).Request;

    private static string With(string member) => Some.Body.Replace("{", $"{{{member},", StringComparison.Ordinal);

    private static JsonNode DataOf(OutcomeEvent told) => JsonNode.Parse(told.Json.Span)!["data"]!;
}
