using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Ecs.Wire;

namespace Ungroup.Tests.Ecs.Wire;

public sealed class SignedRequestTests
{
    [Fact]
    public void A_request_carries_nothing_of_the_last_call()
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
    public void No_nonce_comes_twice()
    {
        using var handler = EcsTransport.CreateHandler();
        using var client = new EcsClient(handler, new(new Dictionary<string, Account>()), Options.Create(new EcsOptions()), TimeProvider.System, NullLogger<EcsClient>.Instance);
        string[] drawn = [.. Enumerable.Range(0, 1_000).Select(_ => client.Nonce())];

        Assert.Distinct(drawn);
        Assert.All(drawn, nonce => Assert.Matches("^[0-9a-f]{32}$", nonce));
    }
}
