using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas.Fleet;

/// <summary>A quota that another instance has found closed, as the room of a queue sees it.</summary>
public sealed class ClosedElsewhereTests
{
    private const int Concurrency = 16;

    private static readonly QuotaKey Leave = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly QuotaLimiters _quotas;
    private readonly QueueBudget _queue;
    private readonly QueueBudget _incidents;

    public ClosedElsewhereTests()
    {
        _quotas = SomeLimiters.Told(_clock, 120);
        var room = new ReceiveBudget(_quotas, Options.Create(new EcsOptions()));
        (_queue, _incidents) = (room.ForQueue(Concurrency, forIncidents: false), room.ForQueue(Concurrency, forIncidents: true));
    }

    [Fact]
    public void A_quota_lets_none_be_received_before_it_opens_also_where_nothing_was_called_yet()
    {
        Close(Leave);
        Assert.Equal((0, 0), (_queue.MayHold, _incidents.MayHold));

        _clock.Advance(TimeSpan.FromSeconds(48));
        Assert.Equal((0, 0), (_queue.MayHold, _incidents.MayHold));

        _clock.Advance(TimeSpan.FromSeconds(10));
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
    public void A_read_withholds_nothing()
    {
        Close(Leave with { Action = "DescribeInstances" });

        Assert.Equal(Concurrency, _queue.MayHold);
    }

    private void Close(QuotaKey key) => _quotas[key].Hear([SomeLimiters.Refused("two", WindowStart.OfTheClock, _clock.GetUtcNow())], QuotaEstimate.Nothing);

    private void Use() => Assert.True(_quotas.TryCall(Leave));
}
