using System.Globalization;
using System.Net;
using Ungroup.Sandbox.Ecs;
using Ungroup.Sandbox.Tests.Ecs.Support;

namespace Ungroup.Sandbox.Tests.Ecs;

public sealed class StsTests : IAsyncLifetime
{
    private const string Audience = "api://ungroup";
    private const string Subject = "object-id";
    private const string Role = "acs:ram::1:role/leaver";

    private Sim _sim = null!;

    public async ValueTask InitializeAsync() => _sim = await Sim.StartAsync(WorldWith());

    public ValueTask DisposeAsync() => _sim.DisposeAsync();

    [Fact]
    public async Task A_token_that_is_trusted_becomes_credentials_that_ECS_takes_until_they_expire()
    {
        var issued = await IssueAsync();

        Assert.Equal(_sim.Clock.GetUtcNow() + TimeSpan.FromHours(1), issued.Expires);
        Assert.Equal(200, (await DescribeAsync(issued)).Status);
        Assert.Equal("MissingSecurityToken", (await DescribeAsync(issued with { Token = null })).Code);
        _sim.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("InvalidSecurityToken.Expired", (await DescribeAsync(issued)).Code);
    }

    [Fact]
    public async Task A_role_that_is_revoked_takes_its_sessions_with_it()
    {
        var issued = await IssueAsync();

        Assert.Equal(200, (await _sim.PostAsync("/_sim/roles", """{ "role": "leaver" }""")).Status);

        Assert.Equal("InvalidSecurityToken.Malformed", (await DescribeAsync(issued)).Code);
        Assert.Equal("EntityNotExist.Role", (await AssumeAsync(Token())).Code);
        Assert.True(_sim.World.TrySetRevoked("leaver", revoked: false));
        Assert.Equal(200, (await AssumeAsync(Token())).Status);
    }

    [Fact]
    public async Task A_token_is_checked_in_every_respect()
    {
        Assert.Equal("AuthenticationFail.OIDCToken.Invalid", (await AssumeAsync(Token(audience: "api://other"))).Code);
        Assert.Equal("AuthenticationFail.NoPermission", (await AssumeAsync(Token(subject: "somebody-else"))).Code);
        Assert.Equal("AuthenticationFail.OIDCToken.Expired", (await AssumeAsync(Token(age: TimeSpan.FromHours(1)))).Code);
        Assert.Equal("AuthenticationFail.OIDCToken.Expired", (await AssumeAsync(Token(age: TimeSpan.FromHours(3), lifetime: TimeSpan.FromHours(24)))).Code);
        Assert.Equal("AuthenticationFail.OIDCToken.Invalid", (await AssumeAsync(Token(age: TimeSpan.FromHours(-1)))).Code);
        Assert.Equal("AuthenticationFail.OIDCToken.Invalid", (await AssumeAsync(Token()[..^4] + "AAAA")).Code);
        Assert.Equal("AuthenticationFail.OIDCToken.Invalid", (await AssumeAsync("not.a.token")).Code);
        Assert.Equal("InvalidParameter.OIDCToken", (await AssumeAsync("abc")).Code);
        Assert.Equal("InvalidParameter.OIDCToken", (await AssumeAsync(new string('x', 20_001))).Code);
    }

    [Fact]
    public async Task A_token_of_another_issuer_is_invalid()
    {
        await using var sim = await Sim.StartAsync(WorldWith(issuer: "https://elsewhere.example"));

        var answer = await AssumeAsync(sim, sim.Simulator.SignToken(Audience, Subject, sim.Clock.GetUtcNow(), TimeSpan.FromHours(1)));

        Assert.Equal("AuthenticationFail.OIDCToken.Invalid", answer.Code);
    }

    [Theory]
    [InlineData("RoleArn", "acs:ram::1:role/nobody", "EntityNotExist.Role")]
    [InlineData("OIDCProviderArn", "acs:ram::1:oidc-provider/none", "EntityNotExist.OIDCProvider")]
    [InlineData("RoleSessionName", "a b", "InvalidParameter.RoleSessionName")]
    [InlineData("DurationSeconds", "899", "InvalidParameter.DurationSeconds")]
    [InlineData("DurationSeconds", "3601", "InvalidParameter.DurationSeconds")]
    [InlineData("Policy", "{", "InvalidParameter.PolicyGrammar")]
    [InlineData("RoleSessionName", "", "MissingParameter")]
    public async Task What_is_asked_for_is_checked(string name, string value, string code) =>
        Assert.Equal(code, (await AssumeAsync(Token(), (name, value))).Code);

    [Fact]
    public async Task A_session_policy_narrows_a_session()
    {
        var policy = """
            {"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:LeaveSecurityGroup","Resource":["acs:ecs:*:*:instance/*","acs:ecs:*:*:securitygroup/sg-web"]},
             {"Effect":"Allow","Action":"ecs:Describe*","Resource":"*"}]}
            """;
        var issued = Issued.Of(await AssumeAsync(Token(), ("Policy", policy)));

        Assert.Equal(200, (await DescribeAsync(issued)).Status);
        Assert.Equal(200, (await _sim.SendAsync(issued.Sign(Leave("sg-web")))).Status);
        Assert.Equal((403, "Forbidden.RAM"), await _sim.SendAsync(issued.Sign(Leave("sg-base"))) is var no ? (no.Status, no.Code) : default);
    }

    [Fact]
    public async Task A_session_policy_counts_every_group_of_a_whole_set()
    {
        var policy = """
            {"Version":"1","Statement":[{"Effect":"Allow","Action":"ecs:Modify*","Resource":["acs:ecs:*:*:instance/*","acs:ecs:*:*:eni/*","acs:ecs:*:*:securitygroup/sg-web"]}]}
            """;
        var issued = Issued.Of(await AssumeAsync(Token(), ("Policy", policy)));
        Task<Answer> Set(string id, string resource, string groups, string group) =>
            _sim.SendAsync(issued.Sign(_sim.Call($"Modify{resource}Attribute", ("RegionId", "r1"), ($"{resource}Id", id), ($"{groups}.1", "sg-web"), ($"{groups}.2", group))));

        Assert.Equal("Forbidden.RAM", (await Set("i-web", "Instance", "SecurityGroupIds", "sg-base")).Code);
        Assert.Equal("Forbidden.RAM", (await Set("eni-app", "NetworkInterface", "SecurityGroupId", "sg-base")).Code);
        Assert.Equal("InvalidParameter.SecurityGroupIdRepeated", (await Set("i-web", "Instance", "SecurityGroupIds", "sg-web")).Code);
    }

    [Fact]
    public async Task A_key_of_the_account_assumes_a_role_with_a_signed_call()
    {
        (string, string)[] parameters = [("RoleArn", "acs:ram::1:role/by-key"), ("RoleSessionName", "test"), ("ExternalId", "ext")];
        var call = _sim.Call("AssumeRole", parameters) with { Version = "2015-04-01" };

        var issued = Issued.Of(await SendV1Async(call));

        Assert.Equal(200, (await DescribeAsync(issued)).Status);
        Assert.Equal("SignatureDoesNotMatch", (await SendV1Async(call with { Secret = "wrong", Nonce = "2" })).Code);
        Assert.Equal("NoPermission", (await SendV1Async(call with { Parameters = parameters[..2], Nonce = "3" })).Code);
        Assert.Equal("NoPermission", (await SendV1Async(call with { KeyId = "other-key", Secret = "other-secret", Nonce = "4" })).Code);
    }

    [Fact]
    public async Task More_than_a_hundred_calls_a_second_are_throttled()
    {
        for (var call = 0; call < 100; call++)
        {
            Assert.Equal(200, (await AssumeAsync(Token())).Status);
        }

        Assert.Equal("Throttling.User", (await AssumeAsync(Token())).Code);
        _sim.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, (await AssumeAsync(Token())).Status);
    }

    [Theory]
    [InlineData("throttle-no-hint", 400)]
    [InlineData("redirect", 302)]
    [InlineData("internal-error", 500)]
    [InlineData("service-unavailable", 503)]
    [InlineData("empty-504", 504)]
    [InlineData("expired-token", 400)]
    public async Task It_fails_on_request(string kind, int status)
    {
        Assert.Equal(200, (await _sim.PostAsync("/_sim/faults", $$"""{ "kind": "{{kind}}", "action": "AssumeRoleWithOIDC", "on": "leaver" }""")).Status);

        Assert.Equal(status, (await AssumeAsync(Token())).Status);
        Assert.Equal(200, (await AssumeAsync(Token())).Status);
    }

    [Fact]
    public async Task A_fault_of_any_action_is_one_of_ECS()
    {
        _sim.World.AddFault("""{ "kind": "internal-error" }""");

        Assert.Equal(200, (await AssumeAsync(Token())).Status);
    }

    [Fact]
    public async Task The_log_shows_no_token()
    {
        var token = Token();
        await AssumeAsync(token);

        Assert.Equal($"({token.Length} characters)", Assert.Single(_sim.Simulator.Requests.Snapshot()).Parameters["OIDCToken"]);
    }

    [Fact]
    public async Task The_identity_endpoint_hands_out_tokens_that_STS_takes()
    {
        var mine = await IdentityAsync($"?api-version=2019-08-01&resource={Audience}", _sim.Simulator.IdentityHeader);
        var given = mine.Json.GetProperty("access_token").GetString()!;

        Assert.Equal(200, (await AssumeAsync(given)).Status);
        Assert.Equal(
            _sim.Clock.GetUtcNow() + TimeSpan.FromHours(24),
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(mine.Json.GetProperty("expires_on").GetString()!, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData("?api-version=2019-08-01&resource=x", "wrong", 401)]
    [InlineData("?api-version=2019-08-01", null, 400)]
    [InlineData("?api-version=2019-08-01&resource=x&client_id=nobody", null, 400)]
    [InlineData("?api-version=2019-08-01&resource=x&client_id=client-2", null, 200)]
    public async Task The_identity_endpoint_answers_its_own_app_only(string query, string? header, int status) =>
        Assert.Equal(status, (await IdentityAsync(query, header ?? _sim.Simulator.IdentityHeader)).Status);

    [Fact]
    public void A_world_that_says_nothing_of_roles_has_one_for_each_account() =>
        Assert.Equal(
            ["default acs:ram::1000000000000001:role/ungroup acs:ram::1000000000000001:oidc-provider/sandbox api://ungroup-sandbox "],
            World.Sample.Keyless.Select(account => $"{account.Account} {account.RoleArn} {account.OidcProviderArn} {account.Audience} {account.IdentityClientId}"));

    private static World WorldWith(string? issuer = null) => World.Parse($$"""
        {
          "accounts": [
            { "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" },
            { "name": "other", "accountId": "2", "accessKeyId": "other-key", "accessKeySecret": "other-secret" }
          ],
          "identities": [{ "objectId": "{{Subject}}" }, { "objectId": "second", "clientId": "client-2" }],
          "oidcProviders": [{ "name": "entra", "clientIds": ["{{Audience}}"], "issuanceLimitHours": 2 {{(issuer is null ? "" : $", \"issuer\": \"{issuer}\"")}} }],
          "roles": [{ "name": "leaver", "oidcProvider": "entra", "subject": "{{Subject}}" }, { "name": "by-key", "externalId": "ext" }],
          "regions": [{
            "regionId": "r1",
            "securityGroups": [{ "securityGroupId": "sg-base", "vpcId": "v" }, { "securityGroupId": "sg-web", "vpcId": "v" }],
            "instances": [{ "instanceId": "i-web", "securityGroupIds": ["sg-base", "sg-web"] }]
          }]
        }
        """, "world.json");

    private string Token(string audience = Audience, string subject = Subject, TimeSpan age = default, TimeSpan? lifetime = null) =>
        _sim.Simulator.SignToken(audience, subject, _sim.Clock.GetUtcNow() - age, lifetime ?? TimeSpan.FromMinutes(30));

    private async Task<Issued> IssueAsync() => Issued.Of(await AssumeAsync(Token()));

    private Task<Answer> AssumeAsync(string token, params (string Name, string Value)[] more) => AssumeAsync(_sim, token, more);

    private static Task<Answer> AssumeAsync(Sim sim, string token, params (string Name, string Value)[] more)
    {
        var form = new Dictionary<string, string>
        {
            ["RoleArn"] = Role,
            ["OIDCProviderArn"] = "acs:ram::1:oidc-provider/entra",
            ["RoleSessionName"] = "test",
            ["OIDCToken"] = token,
        };
        foreach (var (name, value) in more)
        {
            form[name] = value;
        }

        return sim.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(sim.Simulator.Address, "/?Version=2015-04-01&Action=AssumeRoleWithOIDC&Format=JSON"))
        {
            Content = new FormUrlEncodedContent(form),
        });
    }

    private Task<Answer> IdentityAsync(string query, string header)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_sim.Simulator.IdentityEndpoint + query));
        request.Headers.Add("X-IDENTITY-HEADER", header);
        return _sim.SendAsync(request);
    }

    private Task<Answer> SendV1Async(SignedCall call) => _sim.SendAsync(TestSigner.V1(_sim.Simulator.Address, call, "JSON"));

    private SignedCall Leave(string group) => _sim.Call("LeaveSecurityGroup", ("RegionId", "r1"), ("InstanceId", "i-web"), ("SecurityGroupId", group));

    private Task<Answer> DescribeAsync(Issued issued) => _sim.SendAsync(issued.Sign(_sim.Call("DescribeInstances", ("RegionId", "r1"))));

    private sealed record Issued(string KeyId, string Secret, string? Token, DateTimeOffset Expires)
    {
        public static Issued Of(Answer answer)
        {
            Assert.Equal((int)HttpStatusCode.OK, answer.Status);
            var credentials = answer.Json.GetProperty("Credentials");
            return new(
                credentials.GetProperty("AccessKeyId").GetString()!,
                credentials.GetProperty("AccessKeySecret").GetString()!,
                credentials.GetProperty("SecurityToken").GetString(),
                credentials.GetProperty("Expiration").GetDateTimeOffset());
        }

        public SignedCall Sign(SignedCall call) => call with { KeyId = KeyId, Secret = Secret, Token = Token };
    }
}
