using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>What another instance has found closed, as the room of a queue sees it.</summary>
public sealed class ClosedElsewhereTests
{
    private const int Concurrency = 16;

    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly Governors _governors = new(Options.Create(new PaceOptions { Quotas = { ["LeaveSecurityGroup"] = 120 } }), () => 0.5);
    private readonly QuotaRegistry _quotas;
    private readonly QueueRoom _queue;
    private readonly QueueRoom _incidents;

    public ClosedElsewhereTests()
    {
        _quotas = new(_governors, _clock, NullLogger<QuotaRegistry>.Instance);
        var room = new ReceiveRoom(_governors, Options.Create(new EcsOptions()), _clock);
        (_queue, _incidents) = (room.ForQueue(Concurrency, forIncidents: false), room.ForQueue(Concurrency, forIncidents: true));
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
    public void A_read_and_a_circuit_withhold_nothing()
    {
        Close(Leave with { Action = "DescribeInstances" });
        _quotas.Hear(new("default", _clock.GetUtcNow().AddSeconds(40), "found closed elsewhere") { Evidence = Evidence.AccountRefused });

        Assert.Equal(Concurrency, _queue.MayHold);
    }

    private void Close(QuotaKey key) =>
        _quotas.Hear(new(key.Account, _clock.GetUtcNow() + TimeSpan.FromSeconds(40), "found closed elsewhere") { Api = key.Action, Region = key.RegionId });

    private void Use()
    {
        Assert.True(_governors[Leave].TryTake(Origin.Upstream, _clock.GetUtcNow(), out _));
        _governors[Leave].Passed(_clock.GetUtcNow(), isAnswered: true, _clock.GetUtcNow());
    }
}
