using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class PaceExchangeTests
{
    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;
    private readonly List<QuotaRegistry> _quotas = [];

    public PaceExchangeTests() => _store = new(new MemoryLedgerStore(_clock));

    [Fact]
    public async Task What_is_used_is_told_within_a_second_and_the_loop_ends_when_it_is_told_to()
    {
        using var stop = new CancellationTokenSource();
        var (exchange, governors, _) = Instance(new());
        var running = Start(exchange, stop.Token);
        Pass(TimeSpan.FromSeconds(3));
        Assert.Empty(await NotesAsync());

        Use(governors);
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
        Use(one.Governors);
        Use(two.Governors);

        Pass(TimeSpan.FromMinutes(1));

        Assert.Equal((2, 2), (one.Fleet.Size, two.Fleet.Size));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task What_is_closed_for_a_while_is_told_within_a_second_and_what_is_over_by_then_is_not()
    {
        using var stop = new CancellationTokenSource();
        var (exchange, governors, _) = Instance(new() { Quotas = { ["LeaveSecurityGroup"] = 600 } });
        var quotas = _quotas[^1];
        var running = Start(exchange, stop.Token);

        Refuse(quotas, TimeSpan.FromSeconds(0.4));
        Pass(TimeSpan.FromSeconds(2));
        Assert.Empty(await CircuitNotesAsync());

        Refuse(quotas, TimeSpan.FromSeconds(40));
        Pass(TimeSpan.FromSeconds(1.1));
        Assert.Contains("LeaveSecurityGroup", Assert.Single(await CircuitNotesAsync()).Text, StringComparison.Ordinal);

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_store_that_is_away_when_something_closes_ends_nothing_and_the_sweep_tells_of_it()
    {
        using var stop = new CancellationTokenSource();
        var (exchange, _, _) = Instance(new() { Quotas = { ["LeaveSecurityGroup"] = 600 } });
        var running = Start(exchange, stop.Token);
        _store.NotesAreAway = true;
        Refuse(_quotas[^1], TimeSpan.FromSeconds(40));
        Pass(TimeSpan.FromSeconds(3));
        _store.NotesAreAway = false;

        Assert.False(running.IsCompleted);
        await new CircuitNote([_quotas[^1]], _store, LedgerOwner.New(), _clock).ExchangeAsync(TestContext.Current.CancellationToken);

        Assert.Single(await CircuitNotesAsync());
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Where_instances_do_not_share_nothing_runs()
    {
        var (exchange, governors, _) = Instance(new() { Shared = false });
        Use(governors);

        await exchange.RunAsync(CancellationToken.None);

        Assert.Empty(await NotesAsync());
    }

    private (PaceExchange Exchange, Governors Governors, Fleet Fleet) Instance(PaceOptions options)
    {
        var governors = new Governors(Options.Create(options), () => 0.5);
        var owner = LedgerOwner.New();
        var fleet = new Fleet(governors, _store, owner, () => 0.5, _clock, NullLogger<Fleet>.Instance);
        _quotas.Add(new(governors, _clock, NullLogger<QuotaRegistry>.Instance));
        return (new(fleet, new([_quotas[^1]], _store, owner, _clock), _clock, NullLogger<PaceExchange>.Instance), governors, fleet);
    }

    private void Use(Governors governors)
    {
        Assert.True(governors[Leave].TryTake(Origin.Incident, _clock.GetUtcNow(), out _));
        governors[Leave].Passed(_clock.GetUtcNow(), isAnswered: true, _clock.GetUtcNow());
    }

    private static void Refuse(QuotaRegistry quotas, TimeSpan hint)
    {
        using var permit = quotas.TryTake(new(Leave.Account, Leave.RegionId, Leave.Action), out _)!;
        permit.Throttled(hint, TimeSpan.Zero, "throttled");
    }

    private Task<IReadOnlyList<SharedNote>> CircuitNotesAsync() => _store.ReadNotesAsync(CircuitNote.Note, TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<SharedNote>> NotesAsync() => _store.ReadNotesAsync(Fleet.Prefix, TestContext.Current.CancellationToken);

    private void Pass(TimeSpan time)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end; _clock.Advance(TimeSpan.FromMilliseconds(50)))
        {
        }
    }

    /// <summary>Without a context every continuation runs inside the step of the clock that caused it.</summary>
    private static Task Start(PaceExchange exchange, CancellationToken stop)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return exchange.RunAsync(stop);
    }
}
