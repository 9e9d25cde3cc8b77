using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Outcomes;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

/// <summary>What must hold on every store.</summary>
public abstract class LedgerContract
{
    private static readonly LedgerOptions Options = new() { Lease = TimeSpan.FromMinutes(2) };

    private readonly FakeTimeProvider _clock = new(Some.Now);

    protected TimeProvider Clock => _clock;

    [Fact]
    public async Task The_first_claim_is_granted()
    {
        var lease = await Granted(One);

        Assert.Equal((LedgerState.Claimed, 1, 0), (lease.Record.State, lease.Record.Epoch, lease.Record.Attempts));
    }

    [Fact]
    public async Task A_second_claim_of_a_running_request_is_busy()
    {
        await Granted(One);

        var busy = Assert.IsType<Claim.Busy>(await Two.ClaimAsync(Some.Request(), TestContext.Current.CancellationToken));
        Assert.Equal(Some.Now + Options.Lease, busy.Until);
        Assert.IsType<Claim.Busy>(await One.ClaimAsync(Some.Request(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_many_claims_at_once_one_is_granted()
    {
        RemovalLedger[] ledgers = [One, Two];

        var claims = await Task.WhenAll(Enumerable.Range(0, 32).Select(n =>
            Task.Run(() => ledgers[n % 2].ClaimAsync(Some.Request(), TestContext.Current.CancellationToken))));

        Assert.Single(claims.OfType<Claim.Granted>());
        Assert.Equal(31, claims.OfType<Claim.Busy>().Count());
    }

    [Fact]
    public async Task A_claim_left_by_a_dead_owner_is_granted_again_after_its_lease_with_a_higher_epoch()
    {
        var dead = await Granted(One);
        await One.BeginAttemptAsync(dead, TestContext.Current.CancellationToken);
        _clock.Advance(Options.Lease);

        var lease = await Granted(Two);

        Assert.Equal((LedgerState.Called, 2, 1, true), (lease.Record.State, lease.Record.Epoch, lease.Record.Attempts, lease.Record.MayHaveLeft));
    }

    [Fact]
    public async Task Of_many_takeovers_at_once_one_is_granted()
    {
        RemovalLedger[] ledgers = [One, Two];
        await Granted(One);
        _clock.Advance(Options.Lease);

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(n =>
            Task.Run(() => ledgers[n % 2].ClaimAsync(Some.Request(), TestContext.Current.CancellationToken))));

        Assert.Single(claims.OfType<Claim.Granted>());
    }

    [Fact]
    public async Task An_overtaken_owner_is_told_so_at_every_step_and_writes_nothing()
    {
        var slow = await Granted(One);
        _clock.Advance(Options.Lease);
        var current = await Granted(Two);

        Assert.False(await One.BeginAttemptAsync(slow, TestContext.Current.CancellationToken));
        Assert.False(await One.DecideAsync(slow, Event("late"), TestContext.Current.CancellationToken));
        Assert.False(await One.ReleaseAsync(slow, Some.Now, false, null, TestContext.Current.CancellationToken));
        Assert.True(slow.IsLost);
        Assert.True(await Two.BeginAttemptAsync(current, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Every_attempt_renews_the_lease()
    {
        var lease = await Granted(One);
        _clock.Advance(Options.Lease / 2);
        await One.BeginAttemptAsync(lease, TestContext.Current.CancellationToken);
        _clock.Advance(Options.Lease / 2);

        Assert.IsType<Claim.Busy>(await Two.ClaimAsync(Some.Request(), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_released_request_is_taken_up_when_its_time_has_come_and_remembers_what_was_learnt()
    {
        var lease = await Granted(One);
        await One.BeginAttemptAsync(lease, TestContext.Current.CancellationToken);
        await One.ReleaseAsync(lease, Some.Now.AddMinutes(10), mayHaveLeft: false, "Throttling.User", TestContext.Current.CancellationToken);

        Assert.Equal(Some.Now.AddMinutes(10), Assert.IsType<Claim.Busy>(await Two.ClaimAsync(Some.Request(), TestContext.Current.CancellationToken)).Until);
        _clock.Advance(TimeSpan.FromMinutes(10));
        var again = await Granted(Two);

        Assert.Equal((1, false, "Throttling.User"), (again.Record.Attempts, again.Record.MayHaveLeft, again.Record.LastCode));
    }

    [Fact]
    public async Task A_recorded_outcome_is_returned_word_for_word()
    {
        var lease = await Granted(One);
        var told = Event("""{"sentence":"隔离 🧯"}""");
        Assert.True(await One.DecideAsync(lease, told, TestContext.Current.CancellationToken));

        var decided = Assert.IsType<Claim.Decided>(await Two.ClaimAsync(Some.Request(), TestContext.Current.CancellationToken));

        Assert.Equal((told.Id, told.Type, told.Subject), (decided.Outcome.Id, decided.Outcome.Type, decided.Outcome.Subject));
        Assert.Equal(told.Json.ToArray(), decided.Outcome.Json.ToArray());
    }

    [Fact]
    public async Task Another_payload_under_the_same_key_is_a_conflict_before_and_after_the_outcome()
    {
        var other = Some.Request() with { SecurityGroup = Some.Group("sg-other") };
        var lease = await Granted(One);

        Assert.IsType<Claim.Conflict>(await Two.ClaimAsync(other, TestContext.Current.CancellationToken));
        await One.DecideAsync(lease, Event("{}"), TestContext.Current.CancellationToken);
        Assert.Equal(Some.Now, Assert.IsType<Claim.Conflict>(await Two.ClaimAsync(other, TestContext.Current.CancellationToken)).FirstSeenAt);
    }

    [Fact]
    public async Task The_same_key_in_another_account_is_another_request()
    {
        await Granted(One);

        Assert.IsType<Claim.Granted>(await One.ClaimAsync(Some.Request() with { Account = "other" }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_decided_is_pending_until_it_is_marked_published()
    {
        var lease = await Granted(One);
        await One.DecideAsync(lease, Event("{}"), TestContext.Current.CancellationToken);
        Assert.Empty(await Two.ReadPendingAsync(TimeSpan.Zero, 10, TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(31));

        var pending = Assert.Single(await Two.ReadPendingAsync(TimeSpan.FromSeconds(30), 10, TestContext.Current.CancellationToken));
        await Two.MarkPublishedAsync(pending, TestContext.Current.CancellationToken);

        Assert.Empty(await One.ReadPendingAsync(TimeSpan.Zero, 10, TestContext.Current.CancellationToken));
        Assert.Equal(LedgerState.Published, (await One.ReadAsync(pending.Record.Key, TestContext.Current.CancellationToken))!.Record.State);
    }

    [Fact]
    public async Task Marking_twice_is_no_fault()
    {
        var lease = await Granted(One);
        await One.DecideAsync(lease, Event("{}"), TestContext.Current.CancellationToken);

        await One.MarkPublishedAsync(lease.Stored, TestContext.Current.CancellationToken);
        await Two.MarkPublishedAsync(lease.Stored, TestContext.Current.CancellationToken);

        Assert.Equal(LedgerState.Published, (await One.ReadAsync(lease.Record.Key, TestContext.Current.CancellationToken))!.Record.State);
    }

    [Fact]
    public async Task A_record_is_forgotten_when_its_time_is_over_and_its_event_was_published()
    {
        var lease = await Granted(One);
        await One.DecideAsync(lease, Event("{}"), TestContext.Current.CancellationToken);
        _clock.Advance(Options.Keep);
        Assert.Equal(0, await One.ForgetAsync(TestContext.Current.CancellationToken));

        await One.MarkPublishedAsync(lease.Stored, TestContext.Current.CancellationToken);
        Assert.Equal(1, await One.ForgetAsync(TestContext.Current.CancellationToken));

        Assert.Null(await One.ReadAsync(lease.Record.Key, TestContext.Current.CancellationToken));
    }

    protected abstract ILedgerStore StoreOf(LedgerOwner owner);

    private RemovalLedger One => field ??= Create("one");

    private RemovalLedger Two => field ??= Create("two");

    private RemovalLedger Create(string name)
    {
        var owner = new LedgerOwner(name);
        return new(StoreOf(owner), owner, Microsoft.Extensions.Options.Options.Create(Options), _clock);
    }

    private static async Task<Lease> Granted(RemovalLedger ledger) =>
        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(Some.Request(), TestContext.Current.CancellationToken)).Lease;

    private static OutcomeEvent Event(string json) =>
        new("id-1", "ungroup.removal.Removed.v1", "i-bp1web1", System.Text.Encoding.UTF8.GetBytes(json));
}
