using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Circuits;

public sealed class CircuitNoteTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly MemoryLedgerStore _store;

    public CircuitNoteTests() => _store = new(_clock);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_instance_finds_closed_closes_for_the_others()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        Deny(one);
        await one.Note.ExchangeAsync(Stop);

        await two.Note.ExchangeAsync(Stop);

        Assert.Equal(("account default", "no key"), (two.Circuits.Snapshot().Single().Name, two.Circuits.Snapshot().Single().Reason));
        Assert.Null(two.Circuits.TryEnter(Call, out _));
    }

    [Fact]
    public async Task An_operator_reads_what_is_closed_until_when_by_whom_and_why()
    {
        var one = Instance("one");
        Deny(one);
        await one.Note.ExchangeAsync(Stop);

        Assert.Equal(["account default is closed until 2026-01-02T03:04:35Z by one: no key"], await CircuitNote.DescribeAsync(_store, Stop));
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await CircuitNote.DescribeAsync(_store, Stop));
    }

    [Fact]
    public async Task What_has_opened_again_is_no_longer_said()
    {
        var one = Instance("one");
        Deny(one);
        await one.Note.ExchangeAsync(Stop);
        _clock.Advance(TimeSpan.FromSeconds(30));
        one.Circuits.TryEnter(Call, out _)!.Permitted();

        await one.Note.ExchangeAsync(Stop);

        Assert.Equal("[]", Assert.Single(await _store.ReadNotesAsync(CircuitNote.Note, Stop)).Text);
    }

    [Fact]
    public async Task What_a_probe_has_opened_is_not_closed_again_by_what_was_said_before_it()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        var tenMinutes = new CircuitPause(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(10));
        one.Circuits.TryEnter(Call, out _)!.Refused(new(Evidence.AccountRefused, "no key", tenMinutes));
        await one.Note.ExchangeAsync(Stop);
        await two.Note.ExchangeAsync(Stop);
        _clock.Advance(TimeSpan.FromSeconds(31));
        two.Circuits.TryEnter(Call, out _)!.Permitted();

        await two.Note.ExchangeAsync(Stop);

        Assert.Empty(two.Circuits.Snapshot());
        _clock.Advance(TimeSpan.FromMinutes(1));
        one.Circuits.TryEnter(Call with { Resource = "i-2" }, out _)!.Refused(new(Evidence.AccountRefused, "no key", tenMinutes));
        await one.Note.ExchangeAsync(Stop);
        await two.Note.ExchangeAsync(Stop);
        Assert.Single(two.Circuits.Snapshot());
    }

    [Fact]
    public async Task Where_nothing_changes_nothing_is_written()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        Deny(one);
        await one.Note.ExchangeAsync(Stop);
        var written = Assert.Single(await _store.ReadNotesAsync(CircuitNote.Note, Stop));

        await two.Note.ExchangeAsync(Stop);
        await one.Note.ExchangeAsync(Stop);
        await two.Note.ExchangeAsync(Stop);

        Assert.Equal(written.Version, Assert.Single(await _store.ReadNotesAsync(CircuitNote.Note, Stop)).Version);
    }

    [Fact]
    public async Task A_clock_that_is_off_does_not_close_for_longer()
    {
        var (fast, two) = (Instance("fast", new FakeTimeProvider(Some.Now.AddMinutes(5))), Instance("two"));
        Deny(fast);
        await fast.Note.ExchangeAsync(Stop);
        await fast.Note.ExchangeAsync(Stop);

        await two.Note.ExchangeAsync(Stop);

        Assert.Equal(Some.Now.AddSeconds(30), two.Circuits.Snapshot().Single().Until, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_circuit_that_nobody_probes_is_not_said_to_be_closed_for_ever()
    {
        var one = Instance("one");
        Deny(one);
        _clock.Advance(TimeSpan.FromMinutes(1));

        await one.Note.ExchangeAsync(Stop);

        Assert.Single(one.Circuits.Snapshot());
        Assert.Equal("[]", Assert.Single(await _store.ReadNotesAsync(CircuitNote.Note, Stop)).Text);
    }

    [Fact]
    public async Task A_note_holds_no_more_than_the_store_can_take()
    {
        var one = Instance("one");
        for (var region = 0; region < 1_000; region++)
        {
            using var permit = one.Circuits.TryEnter(Call with { RegionId = $"cn-{region}" }, out _)!;
            permit.Refused(new(Evidence.NoAnswer, new string('x', 200), HalfAMinute));
        }

        await one.Note.ExchangeAsync(Stop);

        Assert.InRange(Assert.Single(await _store.ReadNotesAsync(CircuitNote.Note, Stop)).Text.Length, 20_000, 32_000);
    }

    [Fact]
    public async Task A_group_that_one_instance_may_not_touch_closes_no_more_than_that_for_the_others()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        one.Circuits.TryEnter(Call, out _)!.Refused(new(Evidence.Denied, "not permitted", HalfAMinute));
        await one.Note.ExchangeAsync(Stop);

        await two.Note.ExchangeAsync(Stop);

        Assert.Null(two.Circuits.TryEnter(Call, out _));
        Assert.NotNull(two.Circuits.TryEnter(Call with { Group = "sg-2" }, out _));
        Assert.Equal(["LeaveSecurityGroup for sg-1 of account default"], two.Circuits.Snapshot().Select(closed => closed.Name));
    }

    [Fact]
    public async Task A_request_that_is_permitted_opens_what_another_instance_has_closed_within_half_a_minute()
    {
        var (one, two) = (Instance("one"), Instance("two"));
        one.Circuits.TryEnter(Call, out _)!.Refused(new(Evidence.AccountRefused, "no key", new(TimeSpan.FromHours(1), TimeSpan.FromHours(1))));
        await one.Note.ExchangeAsync(Stop);
        await two.Note.ExchangeAsync(Stop);
        _clock.Advance(TimeSpan.FromSeconds(30));

        two.Circuits.TryEnter(Call, out _)!.Permitted();

        Assert.Empty(two.Circuits.Snapshot());
    }

    [Theory]
    [InlineData("circuits")]
    [InlineData(CircuitNote.Note)]
    public async Task What_an_earlier_version_has_written_closes_nothing_and_keeps_nobody_from_telling(string name)
    {
        await _store.WriteNoteAsync(
            expected: null, name, """[{"account":"default","action":"LeaveSecurityGroup","until":"2099-01-01T00:00:00+00:00","reason":"old","by":"an earlier version"}]""", Stop);
        var (one, two) = (Instance("one"), Instance("two"));
        Deny(one);

        await one.Note.ExchangeAsync(Stop);
        await two.Note.ExchangeAsync(Stop);

        Assert.Equal("no key", Assert.Single(two.Circuits.Snapshot()).Reason);
    }

    private static readonly CircuitCall Call = new("default", "cn-hangzhou", "LeaveSecurityGroup", "sg-1", "i-1");

    private static readonly CircuitPause HalfAMinute = new(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));

    private static void Deny((CircuitRegistry Circuits, CircuitNote Note) instance) =>
        instance.Circuits.TryEnter(Call, out _)!.NotSigned("no key", HalfAMinute);

    private (CircuitRegistry Circuits, CircuitNote Note) Instance(string name, TimeProvider? clock = null)
    {
        var circuits = new CircuitRegistry(clock ?? _clock, NullLogger<CircuitRegistry>.Instance);
        return (circuits, new(circuits, _store, new(name), clock ?? _clock));
    }
}
