using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>What instances write into their notes, and what they make of those of others.</summary>
public sealed class FleetNotesTests
{
    private static readonly GateKey Leave = PaceWorld.Key;

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;

    public FleetNotesTests() => _store = new(new MemoryLedgerStore(_clock));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_takes_the_place_of_one_that_is_known_to_be_gone_shares_with_nobody_and_knows_what_it_had_learned()
    {
        var (one, two) = (NewInstance("one"), NewInstance("two"));
        one.Governors[Leave].Hear(FleetView.Alone, new(900, QuotaBasis.Measured, QuotaShape.Window, 7), null, _clock.GetUtcNow());
        await RunAsync(TimeSpan.FromSeconds(10), one);
        _store.Gone = "one";

        await RunAsync(TimeSpan.FromSeconds(0.2), two);

        var look = two.Governors[Leave].Look(_clock.GetUtcNow())!;
        Assert.Equal((1, 1, 900), (two.Fleet.Size, look.Sharing, look.Quota.PerMinute));
        Assert.Equal(900, Assert.Single(Note(await NotesAsync()).Lines).PerMinute);
    }

    private static FleetNote Note(IReadOnlyList<SharedNote> notes) => FleetNote.Parse(Assert.Single(notes).Text)!;

    private (Fleet Fleet, Governors Governors) NewInstance(string name)
    {
        var governors = new Governors(Options.Create(new PaceOptions()), () => 0.5);
        return (new(governors, _store, new(name), () => 0.5, _clock, NullLogger<Fleet>.Instance), governors);
    }

    /// <summary>All of them have work, for as many quotas as they were given.</summary>
    private async Task RunAsync(TimeSpan time, params (Fleet Fleet, Governors Governors)[] instances)
    {
        for (var end = _clock.GetUtcNow() + time; _clock.GetUtcNow() < end; _clock.Advance(TimeSpan.FromSeconds(0.2)))
        {
            foreach (var (fleet, governors) in instances)
            {
                Use(governors[Leave]);
                await fleet.RunDueAsync(Stop);
            }
        }
    }

    private void Use(Governor governor)
    {
        if (governor.TryTake(Origin.Upstream, _clock.GetUtcNow(), out _))
        {
            governor.Passed(_clock.GetUtcNow(), isAnswered: true, _clock.GetUtcNow());
        }
    }

    private Task<IReadOnlyList<SharedNote>> NotesAsync() => _store.ReadNotesAsync(Fleet.Prefix, Stop);
}
