using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class PaceExchangeTests
{
    private static readonly GateKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly MemoryLedgerStore _store;

    public PaceExchangeTests() => _store = new(_clock);

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
        var fleet = new Fleet(governors, _store, LedgerOwner.New(), () => 0.5, _clock, NullLogger<Fleet>.Instance);
        return (new(fleet, _clock, NullLogger<PaceExchange>.Instance), governors, fleet);
    }

    private void Use(Governors governors)
    {
        Assert.True(governors[Leave].TryTake(Origin.Incident, _clock.GetUtcNow(), out _));
        governors[Leave].Passed(_clock.GetUtcNow(), isAnswered: true, _clock.GetUtcNow());
    }

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
