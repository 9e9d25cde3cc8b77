using static Ungroup.Tests.Circuits.CircuitBench;

namespace Ungroup.Tests.Circuits;

/// <summary>How wide a circuit is: as wide as what was refused, and no wider than what is known not to be permitted.</summary>
public sealed class CircuitWidthTests
{
    private readonly CircuitBench _bench = new();

    [Fact]
    public void A_group_that_is_denied_stops_only_what_is_about_it()
    {
        _bench.Deny(Call("sg-1"));

        Assert.Equal(["LeaveSecurityGroup for sg-1 of account a"], _bench.Closed);
        Assert.False(_bench.MayCall(Call("sg-1")));
        Assert.True(_bench.MayCall(Call("sg-2")));
        Assert.True(_bench.MayCall(Call("sg-1", action: Read)));
        Assert.True(_bench.MayCall(Call("sg-1") with { Account = "b" }));
    }

    [Fact]
    public void A_hundred_denials_about_one_group_close_nothing_wider()
    {
        var underWay = Enumerable.Range(0, 100).Select(number => _bench.Circuits.TryEnter(Call("sg-1", resource: $"i-{number}"), out _)!).ToList();
        foreach (var permit in underWay)
        {
            permit.Refused(new(Ungroup.Circuits.Evidence.Denied, "not permitted", Pause));
            permit.Dispose();
        }

        Assert.Equal(["LeaveSecurityGroup for sg-1 of account a"], _bench.Closed);
        Assert.Single(_bench.Log.Lines);
    }

    [Fact]
    public void A_second_group_that_is_denied_closes_the_API_in_its_region()
    {
        _bench.Deny(Call("sg-1"));
        _bench.Deny(Call("sg-2"));

        Assert.Contains("LeaveSecurityGroup in r1 of account a", _bench.Closed);
        Assert.False(_bench.MayCall(Call("sg-3")));
        Assert.True(_bench.MayCall(Call("sg-3", "r2")));
    }

    [Fact]
    public void A_denial_in_a_second_region_closes_the_API_of_the_account()
    {
        _bench.Deny(Call("sg-1", "r1"));
        _bench.Deny(Call("sg-2", "r2"));

        Assert.Contains("LeaveSecurityGroup of account a", _bench.Closed);
        Assert.False(_bench.MayCall(Call("sg-3", "r3")));
        Assert.True(_bench.MayCall(Call("sg-3", "r3", action: Read)));
    }

    [Theory]
    [InlineData("r1")]
    [InlineData("r2")]
    public void A_success_on_another_group_or_region_keeps_what_is_wider_open_for_five_minutes(string region)
    {
        _bench.Permit(Call("sg-good", region));
        _bench.Clock.Advance(TimeSpan.FromMinutes(4.9));
        _bench.Deny(Call("sg-1", region));
        _bench.Deny(Call("sg-2", region));
        _bench.Deny(Call("sg-3", region == "r1" ? "r2" : "r1"));

        Assert.All(_bench.Closed, name => Assert.Contains(" for sg-", name, StringComparison.Ordinal));
        Assert.True(_bench.MayCall(Call("sg-good", region)));
        _bench.Clock.Advance(TimeSpan.FromSeconds(10));
        _bench.Deny(Call("sg-4", region));

        Assert.Contains(_bench.Closed, name => !name.Contains(" for sg-", StringComparison.Ordinal));
    }

    [Fact]
    public void A_success_of_the_very_group_that_is_now_denied_keeps_nothing_open()
    {
        _bench.Permit(Call("sg-1"));
        _bench.Permit(Call("sg-2"));

        _bench.Deny(Call("sg-1"));
        Assert.DoesNotContain("LeaveSecurityGroup in r1 of account a", _bench.Closed);
        _bench.Deny(Call("sg-2"));

        Assert.Contains("LeaveSecurityGroup in r1 of account a", _bench.Closed);
    }

    [Fact]
    public void A_success_among_hundreds_of_busy_groups_elsewhere_is_not_forgotten()
    {
        _bench.Permit(Call("sg-good", "r9"));
        for (var group = 0; group < 500; group++)
        {
            _bench.Permit(Call($"sg-{group}", "r1"));
        }

        _bench.RefuseAccount(Call("sg-1", "r1"));
        _bench.RefuseAccount(Call("sg-1", "r2"));

        Assert.True(_bench.MayCall(Call("sg-good", "r9")));
    }

    [Fact]
    public void A_region_that_does_not_know_the_key_closes_for_itself_however_often_it_is_asked()
    {
        for (var message = 0; message < 200; message++)
        {
            if (_bench.MayCall(Call($"sg-{message}", "r1")))
            {
                _bench.RefuseAccount(Call($"sg-{message}", "r1"));
            }

            _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(["LeaveSecurityGroup in r1 of account a"], _bench.Closed);
        Assert.True(_bench.MayCall(Call("sg-1", "r2")));
    }

    [Fact]
    public void A_key_that_a_second_region_refuses_too_closes_the_account()
    {
        _bench.RefuseAccount(Call(region: "r1"));
        _bench.RefuseAccount(Call(region: "r2"));

        Assert.Contains("account a", _bench.Closed);
        Assert.False(_bench.MayCall(Call(region: "r3", action: Read)));
    }

    [Fact]
    public void A_key_that_works_in_a_third_region_keeps_the_account_open()
    {
        _bench.Permit(Call(region: "r3", action: Read));
        _bench.RefuseAccount(Call(region: "r1"));
        _bench.RefuseAccount(Call(region: "r2"));

        Assert.DoesNotContain("account a", _bench.Closed);
        Assert.True(_bench.MayCall(Call(region: "r3")));
    }

    [Fact]
    public void Without_credentials_the_account_closes_at_once()
    {
        _bench.Make(Call(), permit => permit.NotSigned("no key", Pause));

        Assert.Equal(["account a"], _bench.Closed);
    }

    [Fact]
    public void Five_calls_in_a_row_without_an_answer_close_each_API_that_gets_none_in_their_region()
    {
        Array.ForEach([Leave, Leave, Read], action => _bench.Fail(Call(action: action)));
        Assert.Empty(_bench.Closed);
        Array.ForEach([Read, Leave], action => _bench.Fail(Call(action: action)));

        Assert.Equal(["LeaveSecurityGroup in r1 of account a"], _bench.Closed);
        _bench.Fail(Call(action: Read));

        Assert.Equal(["DescribeInstances in r1 of account a", "LeaveSecurityGroup in r1 of account a"], _bench.Closed);
        Assert.True(_bench.MayCall(Call(action: "DescribeSecurityGroups")));
        Assert.True(_bench.MayCall(Call(region: "r2")));
    }

    [Fact]
    public void Another_API_that_is_answered_does_not_hide_that_one_is_not()
    {
        for (var call = 0; call < 5; call++)
        {
            _bench.Fail(Call(action: Leave));
            _bench.Permit(Call(action: Read));
        }

        Assert.Equal(["LeaveSecurityGroup in r1 of account a"], _bench.Closed);
        Assert.True(_bench.MayCall(Call(action: Read)));
    }

    [Fact]
    public void Any_answer_to_the_same_API_starts_the_count_anew()
    {
        for (var call = 0; call < 20; call++)
        {
            _bench.Fail(Call());
            _bench.Fail(Call());
            _bench.Deny(Call($"sg-denied-{call}"));
            _bench.Permit(Call("sg-good"));
        }

        Assert.DoesNotContain("LeaveSecurityGroup in r1 of account a", _bench.Closed);
    }

    [Theory]
    [InlineData("sg-1", "r1", "LeaveSecurityGroup for sg-1 of account a")]
    [InlineData("sg-2", "r1", "LeaveSecurityGroup in r1 of account a")]
    [InlineData("sg-2", "r2", "LeaveSecurityGroup of account a")]
    public void A_code_that_nobody_knows_closes_once_three_resources_have_met_it(string group, string region, string closed)
    {
        _bench.Meet("NeverSeen", Call("sg-1", "r1", "i-1"));
        _bench.Meet("NeverSeen", Call("sg-1", "r1", "i-2"));
        _bench.Meet("NeverSeen", Call("sg-1", "r1", "i-2"));
        _bench.Meet("NeverSeenEither", Call("sg-1", "r1", "i-3"));
        Assert.Empty(_bench.Closed);

        _bench.Meet("NeverSeen", Call(group, region, "i-3"));

        Assert.Equal([closed], _bench.Closed);
    }

    [Fact]
    public void A_code_that_nobody_knows_is_forgotten_after_five_minutes()
    {
        _bench.Meet("NeverSeen", Call(resource: "i-1"));
        _bench.Meet("NeverSeen", Call(resource: "i-2"));
        _bench.Clock.Advance(TimeSpan.FromMinutes(5));

        _bench.Meet("NeverSeen", Call(resource: "i-3"));

        Assert.Empty(_bench.Closed);
    }

    [Fact]
    public void Throttling_proves_that_the_account_may_call_and_nothing_about_permissions()
    {
        _bench.RefuseAccount(Call("sg-1"));
        _bench.Deny(Call("sg-2", "r2"));
        _bench.Clock.Advance(TimeSpan.FromSeconds(30));

        _bench.Make(Call("sg-1"), permit => permit.Throttled());
        _bench.Make(Call("sg-2", "r2"), permit => permit.Throttled());

        Assert.Equal(["LeaveSecurityGroup for sg-2 of account a"], _bench.Closed);
    }

    [Fact]
    public void A_denial_proves_that_ECS_answers_and_takes_the_key()
    {
        _bench.Fail(Call(), mostFailures: 1);
        _bench.Clock.Advance(TimeSpan.FromSeconds(30));

        _bench.Deny(Call("sg-1"));

        Assert.Equal(["LeaveSecurityGroup for sg-1 of account a"], _bench.Closed);
    }
}
