using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class SignatureVectorTests
{
    public static TheoryData<string> Names => [.. SignatureVector.All.Select(vector => vector.Name)];

    public static TheoryData<string> V3Names => [.. SignatureVector.All.Where(vector => vector.IsV3).Select(vector => vector.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task What_an_official_client_signed_is_accepted(string name)
    {
        var vector = Vector(name);
        await using var simulator = await vector.StartAsync();

        var answer = await vector.SendAsync(simulator);

        // The printed samples ask for actions the simulator has no use for; that it says so proves that the signature passed.
        if (name.StartsWith("published", StringComparison.Ordinal))
        {
            Assert.Contains("InvalidAction.NotFound", answer.Body);
        }
        else
        {
            Assert.Equal(200, answer.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_changed_parameter_breaks_the_signature(string name)
    {
        var vector = Vector(name);
        await using var simulator = await vector.StartAsync();

        var changed = vector with { Target = vector.Target.Replace("cn-", "xx-"), Body = vector.Body.Replace("cn-", "xx-") };
        changed = changed == vector ? vector with { Target = vector.Target + "&More=1" } : changed;
        var answer = await changed.SendAsync(simulator);

        Assert.Equal(400, answer.Status);
        Assert.Contains("SignatureDoesNotMatch", answer.Body);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Another_secret_breaks_the_signature(string name)
    {
        var vector = Vector(name);
        await using var simulator = await vector.StartAsync(secret: "another");

        var answer = await vector.SendAsync(simulator);

        Assert.Contains("SignatureDoesNotMatch", answer.Body);
        Assert.Contains(vector.IsV3 ? "server StringToSign is [ACS3-HMAC-SHA256" : "server string to sign is:", answer.Body);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_nonce_works_once(string name)
    {
        var vector = Vector(name);
        await using var simulator = await vector.StartAsync();

        await vector.SendAsync(simulator);
        var again = await vector.SendAsync(simulator);

        Assert.Equal(400, again.Status);
        Assert.Contains("SignatureNonceUsed", again.Body);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Sixteen_minutes_either_way_are_too_many(string name)
    {
        var vector = Vector(name);
        foreach (var minutes in new[] { -16, 16 })
        {
            await using var simulator = await vector.StartAsync(late: TimeSpan.FromMinutes(minutes));
            Assert.Contains("InvalidTimeStamp.Expired", (await vector.SendAsync(simulator)).Body);
        }
    }

    [Theory]
    [MemberData(nameof(V3Names))]
    public async Task A_signed_header_may_not_be_dropped_or_changed_and_no_other_added(string name)
    {
        var vector = Vector(name);
        await using var simulator = await vector.StartAsync();

        Assert.Equal("IncompleteSignature", (await vector.WithoutHeader("x-acs-signature-nonce").SendAsync(simulator)).Code);
        Assert.Equal("IncompleteSignature", (await vector.WithHeader("x-acs-extra", "1").SendAsync(simulator)).Code);
        Assert.Equal("SignatureDoesNotMatch", (await vector.WithHeader("x-acs-action", "DescribeInstances2").SendAsync(simulator)).Code);
        Assert.Equal("SignatureDoesNotMatch", (await vector.WithHeader("host", "ecs.cn-beijing.aliyuncs.com").SendAsync(simulator)).Code);
        Assert.Equal("InvalidTimeStamp.Format", (await vector.WithHeader("x-acs-date", "yesterday").SendAsync(simulator)).Code);
    }

    [Theory]
    [MemberData(nameof(V3Names))]
    public async Task A_body_other_than_the_signed_one_is_refused(string name)
    {
        var vector = Vector(name);
        await using var simulator = await vector.StartAsync();

        Assert.Equal("SignatureDoesNotMatch", (await (vector with { Body = "a=b" }).SendAsync(simulator)).Code);
        Assert.Equal(
            "SignatureDoesNotMatch",
            (await vector.WithHeader("x-acs-content-sha256", new string('0', 64)).SendAsync(simulator)).Code);
    }

    [Fact]
    public async Task What_is_signed_is_the_encoded_form_whatever_the_wire_shows()
    {
        // Vector E of the reference sheet: `*`, `(`, `!` and `)` stand unencoded on the wire.
        var like = Vector("v3-DescribeInstances_ids");
        var vector = like
            .WithHeader("x-acs-signature-nonce", "fixed-nonce-v3-DescribeInstances_hardchars")
            .WithHeader("Authorization", like.Headers.Single(header => header.Name == "Authorization").Value.Split("Signature=")[0]
                + "Signature=d95e9316eed0a681ddd0efb16c58af23b02d047d603d330206414e43fa937598")
            with
        {
            Target = "/?InstanceName=%E9%9A%94%E7%A6%BB%20a%2Bb*c~d%27(!)%2F%3D%26%252F%C3%A9%F0%9F%98%80&PageNumber=1&PageSize=10"
                + "&RegionId=cn-hangzhou&SecurityGroupId=sg-bp1bbbbbbbbbbbbbbbb1",
        };
        await using var simulator = await vector.StartAsync();

        Assert.Equal(200, (await vector.SendAsync(simulator)).Status);
        Assert.Equal("隔离 a+b*c~d'(!)/=&%2Fé😀", simulator.Requests.Snapshot()[0].Parameters["InstanceName"]);
    }

    [Fact]
    public async Task A_form_body_with_a_security_token_is_signed_like_a_query()
    {
        // Vector D of the reference sheet.
        var like = Vector("v1popPOST-LeaveSecurityGroup_instance");
        var vector = like with
        {
            Token = "CAIS+dummy/security=token==",
            Body = "AccessKeyId=testAccessKeyId&Action=ModifyInstanceAttribute&Description=%E9%9A%94%E7%A6%BB%20a%2Bb%2Ac~d%27%28%21%29%2F%3D%26%25"
                + "&Format=JSON&InstanceId=i-bp1aaaaaaaaaaaaaaaa1&SecurityGroupIds.1=sg-bp1keep0000000001&SecurityGroupIds.2=sg-bp1isolation000001"
                + "&SecurityToken=CAIS%2Bdummy%2Fsecurity%3Dtoken%3D%3D&SignatureMethod=HMAC-SHA1&SignatureNonce=fixed-nonce-pop-sts-POST"
                + "&SignatureVersion=1.0&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2014-05-26&Signature=jDoKCMlnKSl3SES5MfMsa4ljEio%3D",
        };
        await using var simulator = await vector.StartAsync();

        Assert.Equal(200, (await vector.SendAsync(simulator)).Status);
        Assert.Equal(["sg-bp1keep0000000001", "sg-bp1isolation000001"], simulator.World.GroupsOf("i-bp1aaaaaaaaaaaaaaaa1"));
    }

    private static SignatureVector Vector(string name) => SignatureVector.All.Single(vector => vector.Name == name);
}
