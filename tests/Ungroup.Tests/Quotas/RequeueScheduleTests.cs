using Microsoft.Extensions.Time.Testing;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

public sealed class RequeueScheduleTests
{
    private readonly RequeueSchedule _returns = new(reserve: 0, () => 0);

    [Fact]
    public void Promises_follow_each_other_and_do_not_begin_before_they_may()
    {
        var opens = Some.Now.AddSeconds(30);

        Assert.Equal([opens.AddSeconds(0.25), opens.AddSeconds(0.5)], [Promise(240, opens), Promise(240, opens)]);
    }

    [Fact]
    public void No_promise_is_made_for_more_than_ten_minutes()
    {
        for (var promise = 0; promise < 3_000; promise++)
        {
            Assert.True(Promise(60, Some.Now) < Some.Now.AddMinutes(10));
        }
    }

    [Fact]
    public void An_incident_does_not_come_back_behind_everybody_else_who_was_put_off()
    {
        var limiter = Limiter(new() { Quotas = { ["LeaveSecurityGroup"] = 60 } });
        var opens = Some.Now.AddSeconds(30);
        for (var promise = 0; promise < 100; promise++)
        {
            limiter.Promise(Origin.Upstream, opens);
        }

        Assert.Equal(opens.AddSeconds(1), limiter.Promise(Origin.Incident, opens));
        Assert.Equal(opens.AddSeconds(2), limiter.Promise(Origin.Incident, opens));
    }

    [Fact]
    public void Messages_received_by_budget_may_come_back_early_and_others_when_it_is_their_turn()
    {
        var limiter = Limiter(new() { Reserve = 0, Quotas = { ["LeaveSecurityGroup"] = 60 } });
        limiter.Hear([SomeLimiters.Member("two")], QuotaEstimate.Nothing);

        Assert.Equal(Some.Now.AddSeconds(2), limiter.Promise(Origin.Upstream, Some.Now));
        Assert.Equal(Some.Now.AddSeconds(4), limiter.Promise(Origin.Upstream, Some.Now));

        limiter.Budget(TimeSpan.FromSeconds(5), withIncidents: false, isOnly: true);
        Assert.Equal(Some.Now.AddSeconds(5), limiter.Promise(Origin.Upstream, Some.Now));
    }

    private DateTimeOffset Promise(int calls, DateTimeOffset earliest) => _returns.Promise(QuotaLimit.Told(calls), sharing: 1, Origin.Upstream, earliest);

    private static QuotaLimiter Limiter(PaceOptions options) => SomeLimiters.New(new FakeTimeProvider(Some.Now), options)[SomeQuota.Key];
}
