using Ungroup.Ecs;
using Ungroup.Ecs.Wire;

namespace Ungroup.Tests.Ecs.Wire;

public sealed class BlanksTests
{
    [Fact]
    public void A_request_that_is_used_again_carries_nothing_of_the_last_call()
    {
        var bench = new EcsBench();
        bench.Accounts.Accounts["temporary"] = new()
        {
            Credentials = CredentialsSource.Static,
            AccessKeyId = "STS.id",
            AccessKeySecret = "secret",
            SecurityToken = "token",
        };
        bench.Ecs.OnLeave(Replies.Ok);

        bench.Send(new("temporary", "cn-beijing", "LeaveSecurityGroup", new KeyValuePair<string, string>("InstanceId", "i-1")));
        bench.Send(new("default", "cn-hangzhou", "LeaveSecurityGroup", new KeyValuePair<string, string>("InstanceId", "i-2")));

        Assert.Equal("token", bench.Ecs.Calls[0].Headers["x-acs-security-token"]);
        Assert.DoesNotContain("x-acs-security-token", bench.Ecs.Calls[1].Headers.Keys);
        Assert.DoesNotContain("x-acs-accesskey-id", bench.Ecs.Calls[1].Headers.Keys);
        Assert.Equal("https://ecs-cn-hangzhou.aliyuncs.com/?InstanceId=i-2", bench.Ecs.Calls[1].Url.ToString());
        Assert.Equal("ecs-cn-hangzhou.aliyuncs.com", bench.Ecs.Calls[1].Headers["host"]);
    }

    [Fact]
    public void A_returned_blank_is_empty_and_is_the_next_one_taken()
    {
        var blanks = new Blanks(TimeProvider.System);
        var blank = blanks.Take();
        blank.Message.Headers.TryAddWithoutValidation("x-acs-signature-nonce", "n");
        blank.Signed.Add(new("host", "h"));
        var first = blank.Within(TimeSpan.FromMinutes(1));

        blanks.Return(blank);

        var again = blanks.Take();
        Assert.Same(blank, again);
        Assert.Empty(again.Message.Headers);
        Assert.Empty(again.Signed);
        Assert.Same(first, again.Within(TimeSpan.FromMinutes(1)));
        Assert.False(first.IsCancellationRequested);
    }

    [Fact]
    public void A_time_out_that_has_passed_does_not_end_the_next_call()
    {
        var blanks = new Blanks(TimeProvider.System);
        var blank = blanks.Take();
        blank.Within(TimeSpan.FromMinutes(1)).Cancel();

        blanks.Return(blank);

        Assert.False(blanks.Take().Within(TimeSpan.FromMinutes(1)).IsCancellationRequested);
    }

    [Fact]
    public void No_nonce_comes_twice()
    {
        var nonces = new Nonces();
        string[] drawn = [.. Enumerable.Range(0, 1_000).Select(_ => nonces.Next())];

        Assert.Distinct(drawn);
        Assert.All(drawn, nonce => Assert.Matches("^[0-9a-f]{32}$", nonce));
    }
}
