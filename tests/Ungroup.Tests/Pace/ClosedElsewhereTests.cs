using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>What another instance has found closed, as the room of a queue sees it.</summary>
public sealed class ClosedElsewhereTests
{
    private const int Concurrency = 16;

    private static readonly GateKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly Governors _governors = new(Options.Create(new PaceOptions { Quotas = { ["LeaveSecurityGroup"] = 120 } }), () => 0.5);
    private readonly Gates _gates;
    private readonly QueueRoom _queue;
    private readonly QueueRoom _incidents;

    public ClosedElsewhereTests()
    {
        _gates = new(_governors, _clock, NullLogger<Gates>.Instance);
        var room = new ReceiveRoom(_governors, Options.Create(new EcsOptions()), _clock);
        (_queue, _incidents) = (room.ForQueue(Concurrency, forIncidents: false), room.ForQueue(Concurrency, forIncidents: true));
    }

    [Fact]
    public void A_probe_that_was_sent_before_that_was_known_does_not_open_it()
    {
        var gate = new Gate(Leave, _clock);
        gate.TryEnter(out _)!.Close(_ => Some.Now.AddSeconds(1), "here");
        _clock.Advance(TimeSpan.FromSeconds(1));
        var probe = gate.TryEnter(out _)!;

        Assert.True(gate.CloseFromOutside(Some.Now.AddMinutes(10), "elsewhere"));

        Assert.False(probe.Open());
        Assert.Equal(Some.Now.AddMinutes(10), gate.State!.Until);
    }

    [Fact]
    public void A_quota_lets_none_be_received_before_it_opens_also_where_nothing_was_called_yet()
    {
        Close(Leave);
        Assert.Equal((0, 0), (_queue.MayHold, _incidents.MayHold));

        _clock.Advance(TimeSpan.FromSeconds(34));
        Assert.Equal((0, 0), (_queue.MayHold, _incidents.MayHold));

        _clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal((Concurrency, Concurrency), (_queue.MayHold, _incidents.MayHold));
    }

    [Fact]
    public void A_quota_that_is_used_here_lets_none_be_received_either()
    {
        Use();
        Assert.NotEqual((0, 0), (_queue.MayHold, _incidents.MayHold));

        Close(Leave);

        Assert.Equal((0, 0), (_queue.MayHold, _incidents.MayHold));
    }

    [Fact]
    public void A_quota_adds_nothing_to_the_room_of_those_that_are_open_and_takes_nothing_from_it()
    {
        Use();
        var alone = (_queue.MayHold, _incidents.MayHold);

        Close(Leave with { Account = "other" });

        Assert.Equal(alone, (_queue.MayHold, _incidents.MayHold));
    }

    [Fact]
    public void A_read_an_account_and_an_outage_withhold_nothing()
    {
        Close(Leave with { Action = "DescribeInstances" });
        Close(new("default"));
        Close(new("default", RegionId: "cn-hangzhou"));

        Assert.Equal(Concurrency, _queue.MayHold);
    }

    private void Close(GateKey key) => _gates.CloseFromOutside(new(key, _clock.GetUtcNow() + TimeSpan.FromSeconds(40), "found closed elsewhere"));

    private void Use()
    {
        Assert.True(_governors[Leave].TryTake(Origin.Upstream, _clock.GetUtcNow(), out _));
        _governors[Leave].Passed(_clock.GetUtcNow(), isAnswered: true, _clock.GetUtcNow());
    }
}
