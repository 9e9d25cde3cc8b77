using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class ReturnQueueTests
{
    private readonly ReturnQueue _returns = new(() => 0);

    [Fact]
    public void Promises_follow_each_other_and_do_not_begin_before_they_may()
    {
        var opens = Some.Now.AddSeconds(30);

        Assert.Equal([opens.AddSeconds(0.25), opens.AddSeconds(0.5)], [_returns.Promise(4, opens), _returns.Promise(4, opens)]);
    }

    [Fact]
    public void No_promise_is_made_for_more_than_ten_minutes()
    {
        for (var promise = 0; promise < 3_000; promise++)
        {
            Assert.True(_returns.Promise(1, Some.Now) < Some.Now.AddMinutes(10));
        }
    }

    [Fact]
    public void An_incident_does_not_come_back_behind_everybody_else_who_was_put_off()
    {
        var governor = AnsweredCalls.NewGovernor(new() { Quotas = { ["LeaveSecurityGroup"] = 60 } });
        var opens = Some.Now.AddSeconds(30);
        for (var promise = 0; promise < 100; promise++)
        {
            governor.Promise(Origin.Upstream, opens, Some.Now);
        }

        Assert.Equal(opens.AddSeconds(1), governor.Promise(Origin.Incident, opens, Some.Now));
        Assert.Equal(opens.AddSeconds(2), governor.Promise(Origin.Incident, opens, Some.Now));
    }
}
