using Microsoft.Extensions.Logging.Abstractions;
using Ungroup.Circuits;
using static Ungroup.Tests.Circuits.CircuitBench;

namespace Ungroup.Tests.Circuits;

/// <summary>Which call tries whether a circuit can open, and how long the others wait.</summary>
public sealed class CircuitProbeTests
{
    private static readonly TimeSpan Half = TimeSpan.FromSeconds(30);

    private readonly CircuitBench _bench = new();

    [Fact]
    public void When_its_time_has_come_one_call_passes_and_the_others_wait_for_it()
    {
        _bench.RefuseAccount(Call());
        Assert.False(_bench.MayCall(Call()));
        _bench.Clock.Advance(Half);

        using var probe = _bench.Circuits.TryEnter(Call(), out _);
        Assert.True(probe!.IsProbe);
        Assert.Null(_bench.Circuits.TryEnter(Call(), out var wait));
        Assert.Equal(_bench.Clock.GetUtcNow().AddSeconds(2), wait!.Until);
    }

    [Fact]
    public void A_probe_that_is_permitted_opens_it_for_all()
    {
        _bench.RefuseAccount(Call());
        _bench.Clock.Advance(Half);
        _bench.Permit(Call());

        Assert.True(_bench.MayCall(Call()));
        Assert.Empty(_bench.Closed);
        Assert.Contains("is open again", _bench.Log.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_probe_that_learned_nothing_leaves_its_place_to_the_next()
    {
        _bench.RefuseAccount(Call());
        _bench.Clock.Advance(Half);
        _bench.Circuits.TryEnter(Call(), out _)!.Dispose();

        Assert.True(_bench.MayCall(Call()));
        Assert.Single(_bench.Closed);
    }

    [Fact]
    public void A_probe_that_nobody_answers_says_nothing_of_a_denial_and_is_not_among_the_refused()
    {
        _bench.Deny(Call(group: "sg-1"));
        _bench.Clock.Advance(Half);
        var until = Assert.Single(_bench.Circuits.Snapshot()).Until;

        _bench.Fail(Call(group: "sg-1", resource: "i-1"));

        Assert.Equal(until, Assert.Single(_bench.Circuits.Snapshot()).Until);
        Assert.True(_bench.MayCall(Call(group: "sg-1", resource: "i-1")));
    }

    [Fact]
    public void A_group_that_is_denied_again_closes_nothing_wider_again()
    {
        _bench.Deny(Call(group: "sg-1", resource: "i-1"));
        _bench.Deny(Call(group: "sg-2", resource: "i-2"));
        Assert.False(_bench.MayCall(Call(group: "sg-3")));
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));

        _bench.Deny(Call(group: "sg-1", resource: "i-3"));

        Assert.False(_bench.MayCall(Call(group: "sg-1")));
        Assert.True(_bench.MayCall(Call(group: "sg-3")));
    }

    [Fact]
    public void A_call_that_was_under_way_when_it_closed_proves_nothing()
    {
        using var underWay = _bench.Circuits.TryEnter(Call(), out _)!;
        _bench.RefuseAccount(Call());

        underWay.Permitted();

        Assert.Single(_bench.Closed);
    }

    [Fact]
    public void Pauses_double_for_a_request_that_is_refused_again_and_again()
    {
        List<double> pauses = [];
        for (var closing = 0; closing < 7; closing++)
        {
            _bench.RefuseAccount(Call(resource: "i-1"));
            Assert.Null(_bench.Circuits.TryEnter(Call(resource: "i-1"), out var wait));
            pauses.Add((wait!.Until - _bench.Clock.GetUtcNow()).TotalSeconds);
            _bench.Clock.Advance(wait.Until - _bench.Clock.GetUtcNow());
        }

        Assert.Equal([30, 60, 120, 240, 480, 900, 900], pauses);
    }

    [Fact]
    public void A_request_that_was_not_refused_itself_waits_for_half_a_minute_at_most()
    {
        for (var closing = 0; closing < 7; closing++)
        {
            _bench.RefuseAccount(Call(resource: "i-1"));
            Assert.Null(_bench.Circuits.TryEnter(Call(), out var wait));
            Assert.InRange(wait!.Until - _bench.Clock.GetUtcNow(), Half - TimeSpan.FromSeconds(2), Half);
            _bench.Clock.Advance(TimeSpan.FromHours(1));
        }
    }

    [Fact]
    public void The_one_that_was_refused_leaves_the_probe_to_another()
    {
        _bench.RefuseAccount(Call(resource: "i-bad"));
        _bench.Clock.Advance(Half - TimeSpan.FromSeconds(2));

        Assert.False(_bench.MayCall(Call(resource: "i-bad")));
        Assert.True(_bench.MayCall(Call(resource: "i-good")));
    }

    [Fact]
    public void Where_no_other_comes_it_may_probe_itself()
    {
        _bench.RefuseAccount(Call(resource: "i-bad"));
        _bench.Clock.Advance(Half);

        Assert.True(_bench.MayCall(Call(resource: "i-bad")));
    }

    [Fact]
    public void An_incident_probes_before_others()
    {
        _bench.RefuseAccount(Call());
        _bench.Clock.Advance(Half - TimeSpan.FromSeconds(4));

        Assert.False(_bench.MayCall(Call()));
        Assert.True(_bench.MayCall(Call(isIncident: true)));
        _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_bench.MayCall(Call()));
    }

    [Fact]
    public void A_wide_circuit_is_probed_by_those_whom_no_narrow_one_stops()
    {
        _bench.RefuseAccount(Call(region: "r1", resource: "i-1"));
        _bench.RefuseAccount(Call(region: "r2", resource: "i-2"));
        Assert.False(_bench.MayCall(Call(region: "r3")));
        _bench.Clock.Advance(Half - TimeSpan.FromSeconds(2));

        // A probe of its own region is no better evidence than those that were refused.
        Assert.False(_bench.MayCall(Call(region: "r1")));
        _bench.Permit(Call(region: "r3"));

        Assert.DoesNotContain("account a", _bench.Closed);
        Assert.True(_bench.MayCall(Call(region: "r3")));
    }

    [Fact]
    public void A_probe_that_hangs_keeps_others_waiting_for_ten_seconds_at_most()
    {
        _bench.Fail(Call(), mostFailures: 1);
        _bench.Clock.Advance(Half);
        using var hangs = _bench.Circuits.TryEnter(Call(), out _);
        _bench.Clock.Advance(TimeSpan.FromSeconds(10));

        _bench.Permit(Call());

        Assert.Empty(_bench.Closed);
    }

    [Fact]
    public void Many_who_wait_come_back_one_after_the_other()
    {
        _bench.RefuseAccount(Call());
        List<TimeSpan> behind = [];
        for (var number = 0; number < 1_000; number++)
        {
            _bench.Circuits.TryEnter(Call(), out var wait);
            behind.Add(wait!.Behind);
        }

        _bench.Circuits.TryEnter(Call(isIncident: true), out var incident);
        Assert.Equal((TimeSpan.FromSeconds(0.02), TimeSpan.FromSeconds(20), TimeSpan.Zero), (behind[0], behind[^1], incident!.Behind));
    }

    [Fact]
    public void Of_many_that_come_at_once_one_is_the_probe()
    {
        _bench.RefuseAccount(Call());
        _bench.Clock.Advance(Half);

        var permits = new CircuitPermit?[64];
        Parallel.For(0, permits.Length, number => permits[number] = _bench.Circuits.TryEnter(Call(), out _));

        Assert.Single(permits, permit => permit is not null);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_clock_that_is_set_keeps_nothing_closed_for_longer_and_opens_nothing_sooner(int hours)
    {
        var clock = new Quotas.ShiftedClock(_bench.Clock);
        var circuits = new CircuitRegistry(clock, NullLogger<CircuitRegistry>.Instance);
        using var permit = circuits.TryEnter(Call(), out _);
        permit!.Refused(new(Evidence.AccountRefused, "no key", Pause));
        clock.Ahead = TimeSpan.FromHours(hours);

        Assert.Null(circuits.TryEnter(Call(), out var closed));
        Assert.InRange(closed!.Until - clock.GetUtcNow(), Half - TimeSpan.FromSeconds(2), Half);
        Assert.Equal(clock.GetUtcNow() + Half, Assert.Single(circuits.Snapshot()).Until);
    }

    [Fact]
    public void Narrow_circuits_that_nobody_needs_are_forgotten_and_wide_ones_are_not()
    {
        _bench.Make(Call(), permit => permit.NotSigned("no key", Pause));
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        for (var group = 0; group < 500; group++)
        {
            _bench.Make(Call(), permit => permit.Permitted());
            _bench.Deny(Call($"sg-{group}", $"r{group}"));
            _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.InRange(_bench.Closed.Count(), 1, 80);
        _bench.Make(Call(), permit => permit.NotSigned("no key", Pause));
        _bench.Clock.Advance(TimeSpan.FromHours(20));
        _bench.Deny(Call("sg-new"));

        Assert.Equal(["LeaveSecurityGroup for sg-new of account a"], _bench.Closed);
    }
}
