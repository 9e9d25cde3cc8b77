using Ungroup.Requests;
using Ungroup.Simulation.Invariants.Containment;
using Ungroup.Simulation.Story;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Simulation;

public sealed class RestoresTakeNothingAwayTests
{
    private const string Host = "i-h1";
    private const string Isolation = "sg-iso-default";
    private const string Own = "sg-h1";
    private const string New = "sg-new";

    private readonly List<Line> _lines = [];

    [Fact]
    public void A_whole_set_that_ECS_carries_out_late_is_judged_by_the_look_before_it_was_sent()
    {
        Looks(at: 10);
        var late = Sends(at: 11);
        SomebodyAdds(at: 20);
        Happens(33, new Happening.CallEnded(late, "NoReply", null, default));
        Looks(at: 40);
        IsCarriedOut(late, at: 60);

        Assert.Null(new RestoresTakeNothingAway().FirstBreak(_lines));
    }

    [Fact]
    public void A_whole_set_without_a_group_that_the_look_before_has_shown_takes_it_away()
    {
        SomebodyAdds(at: 5);
        Looks(at: 10);
        IsCarriedOut(Sends(at: 11), at: 12);

        Assert.Equal(Some.Now.AddSeconds(12), new RestoresTakeNothingAway().FirstBreak(_lines)?.At);
    }

    private void Looks(int at)
    {
        var look = Call("DescribeInstances", at);
        Happens(at, new Happening.CallBegan(look));
        Happens(at, new Happening.CallEnded(look, null, null, default));
    }

    private EcsExchange Sends(int at)
    {
        var call = Call("ModifyInstanceAttribute", at) with { Groups = [Own] };
        Happens(at, new Happening.CallBegan(call));
        return call;
    }

    private void SomebodyAdds(int at) => Happens(at, new Happening.GroupsChanged(Host, [Isolation], [Isolation, New], null));

    private void IsCarriedOut(EcsExchange call, int at) => Happens(at, new Happening.GroupsChanged(Host, [Isolation, New], call.Groups, call));

    private void Happens(int at, Happening what) => _lines.Add(new(_lines.Count + 1, Some.Now.AddSeconds(at), "", what));

    private EcsExchange Call(string action, int at) => new(_lines.Count, "w1.1", action, "default", "cn-hangzhou", Host, "")
    {
        Owner = "w1.1",
        At = Some.Now.AddSeconds(at),
        Key = new("default", "res-1"),
        Request = Some.Request("res-1") with { Action = RequestAction.Restore, Of = "con-1" },
    };
}
