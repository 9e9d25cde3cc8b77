using Ungroup.Holds;
using Ungroup.Intake;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Holds;

/// <summary>Deliveries under a hold.</summary>
public sealed class HeldRequestTests : IAsyncDisposable
{
    private static readonly Hold Everything = new() { Id = "h-1", By = "ops", Reason = "change freeze", Since = Some.Now };

    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;
    private readonly HoldRows _holds;
    private readonly HandlerBench _bench;

    public HeldRequestTests()
    {
        _store = new(new MemoryLedgerStore(_clock));
        _holds = new(_store);
        _bench = new(_clock, _store);
        _bench.Ecs.OnRead(Replies.Instance("sg-bp1web", "sg-base")).OnLeave(Replies.Ok);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_under_a_hold_is_put_back_and_ECS_is_not_called()
    {
        await _holds.PutAsync(Everything, lasts: null, Stop);

        var postponed = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync());

        Assert.Equal("A hold on all requests by ops: change freeze", postponed.Why);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(3), postponed.Until, TimeSpan.FromSeconds(2));
        Assert.Empty(_bench.Ecs.Calls);
        Assert.Empty(_bench.Bus.Published);
    }

    [Fact]
    public async Task The_ledger_says_why_it_waits()
    {
        await _holds.PutAsync(Everything, lasts: null, Stop);
        await _bench.HandleAsync();

        var record = (await _store.ReadAsync(new("default", "r-1"), Stop))!.Record;
        Assert.Equal(new(WaitFor.Hold, "A hold on all requests by ops: change freeze"), record.Waiting);
        Assert.Equal(0, record.Attempts);
    }

    [Fact]
    public async Task It_goes_on_once_the_hold_is_lifted()
    {
        await _holds.PutAsync(Everything, lasts: null, Stop);
        await _bench.HandleAsync();
        await _holds.LiftAsync("h-1", Stop);
        _clock.Advance(TimeSpan.FromMinutes(3));

        await _bench.HandleAsync();

        Assert.Equal("Removed", Assert.Single(_bench.Bus.Published).ReadFacts().Status);
    }

    [Fact]
    public async Task Its_deadline_goes_on_and_the_outcome_says_why_it_waited()
    {
        await _holds.PutAsync(Everything, lasts: null, Stop);
        var body = Some.Body.Replace("\"regionId\"", $"\"expiresAt\":\"{Some.Now.AddMinutes(1):O}\",\"regionId\"", StringComparison.Ordinal);
        var postponed = Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(body));
        Assert.Equal(Some.Now.AddMinutes(1), postponed.Until);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await _bench.HandleAsync(body);

        var told = Assert.Single(_bench.Bus.Published).ReadFacts();
        Assert.Equal("Expired", told.Status);
        Assert.EndsWith("nothing was changed. It waited: A hold on all requests by ops: change freeze.", told.Sentence, StringComparison.Ordinal);
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public async Task A_hold_that_comes_between_two_tries_keeps_the_second_from_being_made()
    {
        await using var bench = new HandlerBench(_clock, _store);
        bench.Ecs.OnLeave(Replies.Error(503, "ServiceUnavailable").Doing(() => _holds.PutAsync(Everything, lasts: null, Stop).GetAwaiter().GetResult()));

        Assert.IsType<Settlement.Postpone>(await bench.HandleAsync());

        Assert.Single(bench.Ecs.Leaves);
        Assert.Equal(1, (await _store.ReadAsync(new("default", "r-1"), Stop))!.Record.Attempts);
    }

    [Theory]
    [InlineData(RequestQueues.Incidents, "cleanup", false)]
    [InlineData(RequestQueues.Removals, "cleanup", true)]
    [InlineData(RequestQueues.Removals, "incident", false)]
    [InlineData(null, "cleanup", true)]
    public async Task A_hold_on_clean_ups_holds_what_came_by_the_ordinary_queue_as_one(string? queue, string origin, bool isHeld)
    {
        await _holds.PutAsync(Everything with { Origin = Origin.Cleanup }, lasts: null, Stop);

        Assert.Equal(isHeld, await IsHeldAsync(queue, origin));
    }

    [Theory]
    [InlineData(RequestQueues.Incidents, "incident", false)]
    [InlineData(RequestQueues.Removals, "incident", true)]
    public async Task Calling_itself_an_incident_gets_nobody_around_a_hold_on_upstream_requests(string? queue, string origin, bool isHeld)
    {
        await _holds.PutAsync(Everything with { Origin = Origin.Upstream }, lasts: null, Stop);

        Assert.Equal(isHeld, await IsHeldAsync(queue, origin));
    }

    [Fact]
    public async Task A_hold_on_another_group_or_account_holds_nothing()
    {
        await _holds.PutAsync(Everything with { Group = "sg-other" }, lasts: null, Stop);
        await _holds.PutAsync(Everything with { Id = "h-2", Account = "other" }, lasts: null, Stop);

        Assert.False(await IsHeldAsync(RequestQueues.Removals, "upstream"));
    }

    [Fact]
    public async Task A_contain_waits_for_a_hold_on_its_isolation_group()
    {
        await _holds.PutAsync(Everything with { Group = "sg-isolation" }, lasts: null, Stop);

        Assert.IsType<Settlement.Postpone>(await _bench.HandleAsync(Some.ContainBody));
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Fact]
    public async Task Clean_ups_wait_while_holds_cannot_be_read()
    {
        _store.NotesAreAway = true;

        var postponed = Assert.IsType<Settlement.Postpone>(
            await _bench.HandleAsync(Some.Body.Replace("\"regionId\"", "\"origin\":\"cleanup\",\"regionId\"", StringComparison.Ordinal)));

        Assert.StartsWith("Whether there is a hold is not known", postponed.Why, StringComparison.Ordinal);
        Assert.Empty(_bench.Ecs.Leaves);
    }

    [Fact]
    public async Task The_sweep_forgets_holds_that_are_over()
    {
        await _holds.PutAsync(Everything, TimeSpan.FromMinutes(1), Stop);
        await _holds.PutAsync(Everything with { Id = "h-2" }, lasts: null, Stop);
        _clock.Advance(TimeSpan.FromMinutes(2));

        await _bench.SweepAsync();

        Assert.Equal(["hold:h-2"], (await _store.ReadNotesAsync("hold:", Stop)).Select(note => note.Name));
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    private async Task<bool> IsHeldAsync(string? queue, string origin)
    {
        var body = Some.Body.Replace("\"regionId\"", $"\"origin\":\"{origin}\",\"regionId\"", StringComparison.Ordinal);
        return await _bench.HandleAsync(Some.Delivery(body) with { Queue = queue is null ? null : new(queue, 16) }) is Settlement.Postpone;
    }
}
