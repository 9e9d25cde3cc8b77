using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Pace;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class GateNotesTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly MemoryLedgerStore _store;

    public GateNotesTests() => _store = new(_clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_instance_finds_closed_closes_for_the_others()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        Deny(one);
        await one.Notes.ExchangeAsync(Stop);

        await two.Notes.ExchangeAsync(Stop);

        Assert.Equal(("account default", "no key"), (two.Gates.Snapshot().Single().Name, two.Gates.Snapshot().Single().Reason));
        Assert.Null(two.Gates.TryEnter(new("default", "cn-hangzhou", "LeaveSecurityGroup"), out _));
    }

    [Fact]
    public async Task An_operator_reads_what_is_closed_until_when_by_whom_and_why()
    {
        var one = Instance("one");
        Deny(one);
        await one.Notes.ExchangeAsync(Stop);

        Assert.Equal(["account default is closed until 2026-01-02T03:04:35Z by one: no key"], await GateNotes.DescribeAsync(_store, Stop));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await GateNotes.DescribeAsync(_store, Stop));
    }

    [Fact]
    public async Task What_has_opened_again_is_no_longer_said()
    {
        var one = Instance("one");
        Deny(one);
        await one.Notes.ExchangeAsync(Stop);
        _clock.Advance(TimeSpan.FromSeconds(30));
        one.Gates.TryEnter(new("default", "cn-hangzhou", "LeaveSecurityGroup"), out _)!.Succeeded();

        await one.Notes.ExchangeAsync(Stop);

        Assert.Equal("[]", Assert.Single(await _store.ReadNotesAsync("gates", Stop)).Text);
    }

    [Fact]
    public async Task Where_nothing_changes_nothing_is_written()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        Deny(one);
        await one.Notes.ExchangeAsync(Stop);
        var written = Assert.Single(await _store.ReadNotesAsync("gates", Stop));

        await two.Notes.ExchangeAsync(Stop);
        await one.Notes.ExchangeAsync(Stop);
        await two.Notes.ExchangeAsync(Stop);

        Assert.Equal(written.Version, Assert.Single(await _store.ReadNotesAsync("gates", Stop)).Version);
    }

    [Fact]
    public async Task A_clock_that_is_off_does_not_close_for_longer()
    {
        var (fast, two) = (Instance("fast", new FakeTimeProvider(Some.Now.AddMinutes(5))), Instance("two"));
        Deny(fast, Some.Now.AddMinutes(5).AddSeconds(30));
        await fast.Notes.ExchangeAsync(Stop);
        await fast.Notes.ExchangeAsync(Stop);

        await two.Notes.ExchangeAsync(Stop);

        Assert.Equal(Some.Now.AddSeconds(30), two.Gates.Snapshot().Single().Until, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_circuit_that_nobody_probes_is_not_said_to_be_closed_for_ever()
    {
        var one = Instance("one");
        Deny(one);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await one.Notes.ExchangeAsync(Stop);

        Assert.Single(one.Gates.Snapshot());
        Assert.Equal("[]", Assert.Single(await _store.ReadNotesAsync("gates", Stop)).Text);
    }

    [Fact]
    public async Task A_note_holds_no_more_than_the_store_can_take()
    {
        var one = Instance("one");
        for (var region = 0; region < 1_000; region++)
        {
            using var passage = one.Gates.TryEnter(new("default", $"cn-{region}", "LeaveSecurityGroup"), out _)!;
            passage.Unanswered(_ => Some.Now.AddMinutes(1), new string('x', 200), afterNoes: 1);
        }

        await one.Notes.ExchangeAsync(Stop);

        Assert.InRange(Assert.Single(await _store.ReadNotesAsync("gates", Stop)).Text.Length, 20_000, 32_000);
    }

    private static void Deny((Gates Gates, GateNotes Notes) instance, DateTimeOffset? until = null) =>
        instance.Gates.TryEnter(new("default", "cn-hangzhou", "LeaveSecurityGroup"), out _)!.Denied(_ => until ?? Some.Now.AddSeconds(30), "no key");

    private (Gates Gates, GateNotes Notes) Instance(string name, TimeProvider? clock = null)
    {
        var gates = new Gates(new(Options.Create(new PaceOptions()), () => 0.5), clock ?? _clock, NullLogger<Gates>.Instance);
        return (gates, new(gates, _store, new(name), clock ?? _clock));
    }
}
