using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

public sealed class QuotaExchangeTests
{
    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;

    public QuotaExchangeTests() => _store = new(new MemoryLedgerStore(_clock));

    [Fact]
    public async Task What_is_used_is_told_within_a_second_and_the_loop_ends_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var (exchange, limiters, _) = Instance(new());
        var running = Start(exchange, stop.Token);
        Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(await NotesAsync());

        Use(limiters);
        Pass(TimeSpan.FromSeconds(1));

        Assert.Single(await NotesAsync());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Two_instances_find_each_other_within_a_minute()
    {
        using var stop = new CancellationTokenSource();
        var (one, two) = (Instance(new()), Instance(new()));
        var running = Task.WhenAll(Start(one.Exchange, stop.Token), Start(two.Exchange, stop.Token));
        Use(one.Limiters);
        Use(two.Limiters);

        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal((2, 2), (one.Membership.Size, two.Membership.Size));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_is_closed_for_a_while_is_told_within_a_second_and_what_is_over_by_then_is_not()
    {
        using var stop = new CancellationTokenSource();
        var (exchange, limiters, _) = Instance(new() { Quotas = { ["LeaveSecurityGroup"] = 600 } });
        var running = Start(exchange, stop.Token);

        limiters[Leave].Know(calls: 600, start: new(_clock.GetUtcNow().AddSeconds(-59), TimeSpan.FromSeconds(0.3), "two", 3));
        using (var last = limiters.TryTake(new(Leave.Account, Leave.RegionId, Leave.Action, Origin.Incident), out _)!)
        {
            last.Sending();
            last.Throttled(TimeSpan.FromSeconds(0.4), "Throttling.User");
        }

        Pass(TimeSpan.FromSeconds(4));
        Assert.Empty(await CircuitNotesAsync());

        Refuse(limiters, TimeSpan.FromSeconds(40));
        Pass(TimeSpan.FromSeconds(1.1));
        Assert.Contains("LeaveSecurityGroup", Assert.Single(await CircuitNotesAsync()).Text, StringComparison.Ordinal);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_store_that_is_away_when_something_closes_ends_nothing_and_the_sweep_tells_of_it()
    {
        using var stop = new CancellationTokenSource();
        var (exchange, limiters, _) = Instance(new() { Quotas = { ["LeaveSecurityGroup"] = 600 } });
        var running = Start(exchange, stop.Token);
        _store.NotesAreAway = true;
        Refuse(limiters, TimeSpan.FromSeconds(40));
        Pass(TimeSpan.FromSeconds(3));
        _store.NotesAreAway = false;

        Assert.False(running.IsCompleted);
        await new CircuitNote([limiters], _store, LedgerOwner.New(), _clock).ExchangeAsync(TestContext.Current.CancellationToken);

        Assert.Single(await CircuitNotesAsync());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Where_instances_do_not_share_nothing_runs()
    {
        var (exchange, limiters, _) = Instance(new() { Shared = false });
        Use(limiters);

        await exchange.RunAsync(CancellationToken.None);

        Assert.Empty(await NotesAsync());
    }

    [Fact]
    public async Task An_instance_that_ends_says_so_and_the_others_have_its_share_at_once()
    {
        using var stop = new CancellationTokenSource();
        using var leaves = new CancellationTokenSource();
        var (one, two) = (Instance(new()), Instance(new()));
        var (running, leaving) = (Start(one.Exchange, stop.Token), Start(two.Exchange, leaves.Token));
        Use(one.Limiters);
        Use(two.Limiters);
        Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(2, one.Membership.Size);

        await leaves.CancelAsync();
        await leaving;
        Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(1, one.Membership.Size);
        await stop.CancelAsync();
        await running;
    }

    private (QuotaExchange Exchange, QuotaLimiters Limiters, FleetMembership Membership) Instance(PaceOptions options)
    {
        var owner = LedgerOwner.New();
        var limiters = SomeLimiters.New(_clock, options, owner.Id);
        var membership = new FleetMembership(limiters, _store, owner, () => 0.5, NullLogger<FleetMembership>.Instance);
        return (new(membership, new([limiters], _store, owner, _clock), _clock, NullLogger<QuotaExchange>.Instance), limiters, membership);
    }

    private static void Use(QuotaLimiters limiters) => Assert.True(limiters.TryCall(Leave, Origin.Incident));

    private static void Refuse(QuotaLimiters limiters, TimeSpan hint) => Assert.NotNull(limiters.Refuse(Leave, hint));

    private Task<IReadOnlyList<SharedNote>> CircuitNotesAsync() => _store.ReadNotesAsync(CircuitNote.Note, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<SharedNote>> NotesAsync() => _store.ReadNotesAsync(FleetMembership.Prefix, TestContext.Current.CancellationToken);

    private void Pass(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end; _clock.Advance(TimeSpan.FromMilliseconds(50)))
        {
        }
    }

    /// <summary>Without a context every continuation runs inside the step of the clock that caused it.</summary>
    private static Task Start(QuotaExchange exchange, CancellationToken stop)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return exchange.RunAsync(stop);
    }
}
