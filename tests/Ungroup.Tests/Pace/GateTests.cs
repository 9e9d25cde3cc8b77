using Microsoft.Extensions.Time.Testing;
using Ungroup.Pace;

namespace Ungroup.Tests.Pace;

public sealed class GateTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly Gate _gate;

    public GateTests() => _gate = new(new("default"), _clock);

    private DateTimeOffset Now => _clock.GetUtcNow();

    [Fact]
    public void An_open_gate_lets_everyone_through()
    {
        Assert.NotNull(_gate.TryEnter(out _));
        Assert.NotNull(_gate.TryEnter(out _));
        Assert.Null(_gate.State);
    }

    [Fact]
    public void A_closed_gate_says_until_when_and_why()
    {
        Close(TimeSpan.FromSeconds(10));

        Assert.Null(_gate.TryEnter(out var wait));
        Assert.Equal(new GateState(new("default"), Now + TimeSpan.FromSeconds(10), "because"), wait);
    }

    [Fact]
    public void When_the_time_has_come_one_probe_passes_and_the_others_wait()
    {
        Close(TimeSpan.FromSeconds(10));
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.NotNull(_gate.TryEnter(out _));
        Assert.Null(_gate.TryEnter(out var wait));
        Assert.True(wait!.Until > Now);
    }

    [Fact]
    public void A_probe_that_works_opens_the_gate()
    {
        var probe = Probe();

        Assert.True(probe.Open());
        Assert.NotNull(_gate.TryEnter(out _));
        Assert.Null(_gate.State);
    }

    [Fact]
    public void A_probe_that_is_refused_closes_it_again_and_counts()
    {
        List<int> closings = [];
        for (var round = 0; round < 3; round++)
        {
            var pass = _gate.TryEnter(out _)!;
            pass.Close(
                count =>
                {
                    closings.Add(count);
                    return Now + TimeSpan.FromSeconds(1);
                },
                "because");
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1, 2, 3], closings);
    }

    [Fact]
    public void A_probe_that_learned_nothing_leaves_its_place_to_the_next()
    {
        Probe().Leave();

        Assert.NotNull(_gate.TryEnter(out _));
        Assert.NotNull(_gate.State);
    }

    [Fact]
    public void Calls_refused_together_are_one_closing_that_ends_with_the_last()
    {
        var (one, other) = (_gate.TryEnter(out _)!, _gate.TryEnter(out _)!);

        one.Close(count => Now + TimeSpan.FromSeconds(30 * count), "first");
        other.Close(count => Now + TimeSpan.FromSeconds(40 * count), "second");

        Assert.Equal(Now + TimeSpan.FromSeconds(40), _gate.State!.Until);
    }

    [Fact]
    public void A_refusal_never_brings_the_opening_nearer()
    {
        var (one, other) = (_gate.TryEnter(out _)!, _gate.TryEnter(out _)!);

        one.Close(_ => Now + TimeSpan.FromSeconds(30), "first");
        other.Close(_ => Now + TimeSpan.FromSeconds(1), "second");

        Assert.Equal(Now + TimeSpan.FromSeconds(30), _gate.State!.Until);
    }

    [Fact]
    public void A_call_that_was_under_way_when_it_closed_does_not_open_it()
    {
        var underWay = _gate.TryEnter(out _)!;
        Close(TimeSpan.FromSeconds(10));

        Assert.False(underWay.Open());
        Assert.NotNull(_gate.State);
    }

    [Fact]
    public void A_probe_of_yesterday_does_not_open_a_gate_closed_since()
    {
        var late = Probe();
        late.Leave();
        _gate.TryEnter(out _)!.Close(_ => Now + TimeSpan.FromSeconds(10), "again");

        Assert.False(late.Open());
    }

    [Fact]
    public void After_it_has_opened_the_count_starts_anew()
    {
        Probe().Open();

        var counted = 0;
        _gate.TryEnter(out _)!.Close(
            count =>
            {
                counted = count;
                return Now;
            },
            "because");

        Assert.Equal(1, counted);
    }

    [Fact]
    public void An_open_gate_may_take_several_noes_in_a_row_to_close()
    {
        Assert.Null(No());
        Assert.Null(No());
        Assert.False(_gate.TryEnter(out _)!.Open());
        Assert.Null(No());
        Assert.Null(No());

        Assert.NotNull(No());
        Assert.Null(_gate.TryEnter(out _));

        GateState? No() => _gate.TryEnter(out _)!.Close(_ => Now + TimeSpan.FromSeconds(1), "because", afterNoes: 3);
    }

    [Fact]
    public void One_no_to_a_probe_is_enough()
    {
        Assert.NotNull(Probe().Close(_ => Now + TimeSpan.FromSeconds(1), "because", afterNoes: 3));
    }

    [Fact]
    public void What_another_instance_has_found_closes_it_too_and_never_brings_its_opening_nearer()
    {
        Assert.True(_gate.CloseFromOutside(Now + TimeSpan.FromSeconds(10), "elsewhere"));
        Assert.False(_gate.CloseFromOutside(Now + TimeSpan.FromSeconds(5), "earlier"));
        Assert.False(_gate.CloseFromOutside(Now, "over"));
        Assert.Equal("elsewhere", _gate.State!.Reason);
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.True(_gate.TryEnter(out _)!.Open());
    }

    [Fact]
    public void Of_many_that_come_at_once_one_is_the_probe()
    {
        Close(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));

        var passes = new GatePass?[64];
        Parallel.For(0, passes.Length, index => passes[index] = _gate.TryEnter(out _));

        Assert.Single(passes, pass => pass is not null);
    }

    [Fact]
    public void A_probe_of_a_quota_that_is_late_does_not_keep_everybody_waiting_and_may_still_open_it()
    {
        var gate = new Gate(new("default", "cn-hangzhou", "LeaveSecurityGroup"), _clock);
        gate.TryEnter(out _)!.Close(_ => Now + TimeSpan.FromSeconds(1), "because");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var late = gate.TryEnter(out _)!;
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.Null(gate.TryEnter(out _));
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.NotNull(gate.TryEnter(out _));
        Assert.Null(gate.TryEnter(out _));
        Assert.True(late.Open());
        Assert.Null(gate.State);
    }

    [Fact]
    public void Two_probes_that_are_refused_are_one_closing()
    {
        var gate = new Gate(new("default", "cn-hangzhou", "LeaveSecurityGroup"), _clock);
        gate.TryEnter(out _)!.Close(_ => Now, "because");
        var one = gate.TryEnter(out _)!;
        _clock.Advance(TimeSpan.FromSeconds(3));
        var other = gate.TryEnter(out _)!;
        var closings = 0;

        one.Close(count => Now + TimeSpan.FromSeconds(closings = count), "again");
        other.Close(count => Now + TimeSpan.FromSeconds(closings = count), "again");

        Assert.Equal(2, closings);
        Assert.False(other.Open());
    }

    [Fact]
    public void A_probe_of_anything_else_is_waited_for()
    {
        var probe = Probe();
        _clock.Advance(TimeSpan.FromSeconds(30));

        Assert.Null(_gate.TryEnter(out _));
        Assert.True(probe.Open());
    }

    private void Close(TimeSpan wait) => _gate.TryEnter(out _)!.Close(_ => Now + wait, "because");

    private GatePass Probe()
    {
        Close(TimeSpan.FromSeconds(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        return _gate.TryEnter(out _)!;
    }
}
