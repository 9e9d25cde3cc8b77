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

namespace Ungroup.Tests.Quotas.Fleet;

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
    public async Task A_circuit_that_closes_is_told_within_a_second_and_an_instance_that_starts_hears_it_at_once()
    {
        using var stop = new CancellationTokenSource();
        var (here, there) = (Circuits(), Circuits());
        var running = Start(Instance(new(), here).Exchange, stop.Token);
        Pass(TimeSpan.FromSeconds(3));
        Deny(here);
        Pass(TimeSpan.FromSeconds(1.1));

        var starting = Start(Instance(new(), there).Exchange, stop.Token);

        Assert.Equal("LeaveSecurityGroup for sg-1 of account default", Assert.Single(there.Snapshot()).Name);
        await stop.CancelAsync();
        await Task.WhenAll(running, starting);
    }

    [Fact]
    public async Task A_store_that_is_away_when_a_circuit_closes_ends_nothing()
    {
        using var stop = new CancellationTokenSource();
        var circuits = Circuits();
        var running = Start(Instance(new(), circuits).Exchange, stop.Token);
        _store.NotesAreAway = true;
        Deny(circuits);
        Pass(TimeSpan.FromSeconds(3));

        Assert.False(running.IsCompleted);
        await stop.CancelAsync();
        _store.NotesAreAway = false;
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

    private (QuotaExchange Exchange, QuotaLimiters Limiters, FleetMembership Membership) Instance(PaceOptions options, CircuitRegistry? circuits = null)
    {
        var owner = LedgerOwner.New();
        var limiters = SomeLimiters.New(_clock, options, owner.Id);
        var membership = new FleetMembership(limiters, _store, owner, () => 0.5, NullLogger<FleetMembership>.Instance);
        return (new(membership, new(circuits ?? Circuits(), _store, owner, _clock), _clock, NullLogger<QuotaExchange>.Instance), limiters, membership);
    }

    private static void Use(QuotaLimiters limiters) => Assert.True(limiters.TryCall(Leave, Origin.Incident));

    private CircuitRegistry Circuits() => new(_clock, NullLogger<CircuitRegistry>.Instance);

    private static void Deny(CircuitRegistry circuits)
    {
        using var permit = circuits.TryEnter(new("default", "cn-hangzhou", "LeaveSecurityGroup", "sg-1", "i-1"), out _);
        permit!.Refused(new(Evidence.Denied, "not permitted", new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5))));
    }

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
