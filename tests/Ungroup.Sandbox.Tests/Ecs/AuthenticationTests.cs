using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class AuthenticationTests
{
    private const string Action = "DescribeInstances";

    private static readonly (string, string)[] Region = [("RegionId", "r1")];

    [Fact]
    public async Task An_unknown_key_is_not_found()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync(sim.Call(Action, Region) with { KeyId = "nobody" });

        Assert.Equal((404, "InvalidAccessKeyId.NotFound"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_wrong_secret_gets_the_servers_own_string_to_sign_back()
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await sim.SendAsync(sim.Call(Action, Region) with { Secret = "wrong" });

        var message = answer.Json.GetProperty("Message").GetString()!;
        Assert.Equal((400, "SignatureDoesNotMatch"), (answer.Status, answer.Code));
        Assert.StartsWith("Specified signature does not match our calculation. server StringToSign is [ACS3-HMAC-SHA256\n", message);
        Assert.Contains("server CanonicalRequest is [POST\n/\nRegionId=r1\nhost:127.0.0.1", message);
        Assert.Equal("default", sim.Simulator.Requests.Snapshot()[0].Account);
    }

    [Fact]
    public async Task A_temporary_key_needs_its_own_token()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        var call = sim.Call(Action, Region) with { KeyId = "STS.key", Secret = "sts-secret" };

        Assert.Equal("MissingSecurityToken", (await sim.SendAsync(call)).Code);
        Assert.Equal("InvalidSecurityToken.MismatchWithAccessKey", (await sim.SendAsync(call with { Token = "other" })).Code);
        Assert.Equal(200, (await sim.SendAsync(call with { Token = "to+ken/=" })).Status);
    }

    [Theory]
    [InlineData("/?Action=DescribeInstances", "MissingSignature")]
    [InlineData("/?Action=DescribeInstances&Signature=x", "MissingAccessKeyId")]
    [InlineData("/?Action=DescribeInstances&Signature=x&AccessKeyId=key", "IncompleteSignature")]
    [InlineData("/?Signature=x&AccessKeyId=key&SignatureNonce=1&Timestamp=x&SignatureVersion=1.0&SignatureMethod=HMAC-MD5", "InvalidSignatureMethod")]
    [InlineData("/?Signature=x&AccessKeyId=key&SignatureNonce=1&Timestamp=x&SignatureVersion=1.0&SignatureMethod=HMAC-SHA1", "InvalidTimeStamp.Format")]
    public async Task An_old_style_request_says_what_its_signature_lacks(string target, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());

        var answer = await RawHttp.SendAsync(sim.Simulator.Address, "GET", target + "&Format=JSON", [("Host", "x")]);

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Theory]
    [InlineData(null, "MissingSignature")]
    [InlineData("ACS3-HMAC-SM3 Credential=key,SignedHeaders=host,Signature=00", "InvalidSignatureMethod")]
    [InlineData("ACS3-HMAC-SHA256 Credential=key,Signature=00", "IncompleteSignature")]
    public async Task A_new_style_request_says_what_its_signature_lacks(string? authorization, string code)
    {
        await using var sim = await Sim.StartAsync(Some.World());
        List<(string, string)> headers = [("Host", "x"), ("x-acs-action", Action), .. authorization is null ? [] : new[] { ("Authorization", authorization) }];

        var answer = await RawHttp.SendAsync(sim.Simulator.Address, "POST", "/", headers);

        Assert.Equal((400, code), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task A_nonce_is_remembered_as_long_as_its_date_could_be_valid()
    {
        await using var sim = await Sim.StartAsync(Some.World());
        sim.Clock.Advance(TimeSpan.FromMinutes(29));
        var early = sim.Call(Action, Region);
        Assert.Equal(200, (await sim.SendAsync(early)).Status);

        sim.Clock.Advance(TimeSpan.FromMinutes(14));

        Assert.Equal("SignatureNonceUsed", (await sim.SendAsync(early)).Code);
    }

    [Fact]
    public async Task Nobody_is_asked_for_a_signature_when_checks_are_off()
    {
        await using var sim = await Sim.StartAsync(Some.World(), configure: options => options.CheckSignatures = false);

        var unsigned = await RawHttp.SendAsync(
            sim.Simulator.Address, "GET", "/?Action=DescribeInstances&Version=2014-05-26&RegionId=r1&Format=JSON", [("Host", "x")]);
        var wrong = await sim.SendAsync(sim.Call(Action, Region) with { Secret = "wrong" });

        Assert.Equal((200, 200), (unsigned.Status, wrong.Status));
    }

    [Fact]
    public async Task A_call_that_is_not_genuine_uses_up_neither_quota_nor_fault()
    {
        await using var sim = await Sim.StartAsync(Some.World(
            faults: """{ "kind": "conflict" }""",
            quotas: """{ "action": "DescribeInstances", "calls": 1, "perSeconds": 60 }"""));

        await sim.SendAsync(sim.Call(Action, Region) with { Secret = "wrong" });
        var genuine = await sim.SendAsync(Action, Region);

        Assert.Equal("InvalidOperation.Conflict", genuine.Code);
    }
}
