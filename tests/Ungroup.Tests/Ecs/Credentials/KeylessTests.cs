using Ungroup.Ecs;
using Ungroup.Ecs.Credentials;
using Ungroup.Ecs.Credentials.Sts;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Credentials;

/// <summary>From the identity endpoint to a removal, and what a delivery comes to where the chain breaks.</summary>
public sealed class KeylessTests
{
    private readonly CollectingLog<RefreshingCredentials> _log = new();
    private readonly EcsBench _bench;

    public KeylessTests()
    {
        _bench = new() { IssuingLog = _log };
        _bench.Environment.Clear();
        _bench.Environment["IDENTITY_ENDPOINT"] = "http://127.0.0.1:41741/msi/token";
        _bench.Environment["IDENTITY_HEADER"] = StsReplies.Header;
        _bench.Accounts.Accounts["default"] = Keyless();
        _bench.Ecs.OnLeave(Replies.Ok).On(StsReplies.Identity, StsReplies.TokenFor()).On("AssumeRoleWithOIDC", StsReplies.Issued());
    }

    [Fact]
    public void A_token_becomes_credentials_and_credentials_a_removal()
    {
        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);

        var (identity, sts, leave) = (_bench.Ecs.Calls[0], _bench.Ecs.Calls[1], _bench.Ecs.Calls[2]);
        Assert.Equal(("GET", "?api-version=2019-08-01&client_id=c-1&resource=api%3A%2F%2Fungroup", StsReplies.Header), (identity.Method, identity.Url.Query, identity.Headers["X-IDENTITY-HEADER"]));
        Assert.Equal("https://sts.aliyuncs.com/?Action=AssumeRoleWithOIDC&Format=JSON&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2015-04-01", sts.Url.OriginalString);
        Assert.Equal(
            $"DurationSeconds=3600&OIDCProviderArn=acs%3Aram%3A%3A1%3Aoidc-provider%2Fentra&OIDCToken={StsReplies.Jwt}&RoleArn=acs%3Aram%3A%3A1%3Arole%2Fungroup&RoleSessionName=ungroup",
            sts.Form);
        Assert.Equal((StsReplies.Token, "oidc_role_arn"), (leave.Headers["x-acs-security-token"], leave.Headers["x-acs-credentials-provider"]));
        Assert.Contains("Credential=STS.first,", leave.Headers["authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_policy_names_the_groups()
    {
        _bench.Accounts.Accounts["default"].SessionPolicyGroups.Add("sg-web");

        _bench.End();

        Assert.Contains(Uri.EscapeDataString("securitygroup/sg-web"), _bench.Ecs.Calls[1].Form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(403, "AuthenticationFail.NoPermission", "oidc:sub")]
    [InlineData(400, "AuthenticationFail.OIDCToken.Invalid", "TokenAudience")]
    [InlineData(404, "EntityNotExist.Role", "RoleArn")]
    [InlineData(400, "SomethingNew", "Accounts:<name>")]
    public void What_an_operator_must_mend_closes_the_account_and_says_so(int status, string code, string advice)
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Error(status, code));
        var attempts = 0;

        var wait = _bench.Wait(progress: Removals.Progress with { BeginAttemptAsync = _ => Task.FromResult(++attempts > 0) });

        Assert.Contains("account default is closed until", wait.Why, StringComparison.Ordinal);
        Assert.Contains($"STS: As the page says ({code}).", wait.Why, StringComparison.Ordinal);
        Assert.Contains(advice, wait.Why, StringComparison.Ordinal);
        Assert.Equal((code, default, 0), (wait.Code, wait.Calls, attempts));
        Assert.Empty(_bench.Ecs.Leaves);
    }

    [Fact]
    public void An_STS_that_is_down_closes_nothing_and_is_asked_a_few_times()
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Error(503, "ServiceUnavailable"));

        var wait = _bench.Wait();

        Assert.Contains("Account default has no credentials: STS: As the page says (ServiceUnavailable).", wait.Why, StringComparison.Ordinal);
        Assert.Empty(_bench.Circuits.Snapshot());
        Assert.Equal(default, wait.Calls);
        Assert.InRange(_bench.Ecs.Calls.Count(call => call.Action == "AssumeRoleWithOIDC"), 2, 3);
    }

    [Fact]
    public void An_STS_that_is_back_soon_delays_a_removal_by_a_second()
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Reset, StsReplies.Issued());

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.InRange(_bench.Now - Removals.Start, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public void An_STS_that_never_answers_is_given_up_and_the_message_waits()
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Never);

        var wait = _bench.Wait();

        Assert.Equal("Sts.NoReply.Timeout", wait.Code);
        Assert.Empty(_bench.Circuits.Snapshot());
    }

    [Theory]
    [InlineData(400, "{\"Code\":\"Throttling.User\",\"RequestId\":\"R\"}", "Throttling.User")]
    [InlineData(302, "", "Sts.Http302")]
    [InlineData(429, "", "Sts.Http429")]
    public void A_throttled_STS_postpones_and_closes_no_quota(int status, string body, string code)
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Body(status, "application/json", body).With("x-acs-retry-after", "6000"));

        var wait = _bench.Wait();

        Assert.Equal((code, default), (wait.Code, wait.Calls));
        Assert.Empty(_bench.Circuits.Snapshot());
        Assert.Single(_bench.Ecs.Calls, call => call.Action == "AssumeRoleWithOIDC");
    }

    [Fact]
    public void An_expired_token_is_fetched_anew_once()
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Error(400, "AuthenticationFail.OIDCToken.Expired"), StsReplies.Issued())
            .On(StsReplies.Identity, StsReplies.TokenFor("old-token"), StsReplies.TokenFor("new-token"));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Contains("OIDCToken=new-token", _bench.Ecs.Calls[3].Form, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_that_is_always_too_old_needs_an_operator()
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Error(400, "AuthenticationFail.OIDCToken.Expired"));

        var why = _bench.Wait().Why;

        Assert.Contains("account default is closed", why, StringComparison.Ordinal);
        Assert.Contains("issuance limit", why, StringComparison.Ordinal);
        Assert.Equal(2, _bench.Ecs.Calls.Count(call => call.Action == "AssumeRoleWithOIDC"));
    }

    [Fact]
    public void Credentials_that_ECS_refuses_are_issued_anew_once()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "InvalidSecurityToken.Expired"), Replies.Ok)
            .On("AssumeRoleWithOIDC", StsReplies.Issued(), StsReplies.Issued("STS.second"));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Contains("Credential=STS.second,", _bench.Ecs.Leaves.Last().Headers["authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_live_by_the_clock_of_STS()
    {
        // Our clock is two hours ahead: by it they would have run out before they came.
        _bench.Ecs.On("AssumeRoleWithOIDC", StsReplies.Issued(expiration: "2026-01-02T02:04:05Z").With("Date", "Fri, 02 Jan 2026 01:04:05 GMT"));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
    }

    [Theory]
    [InlineData(200, "<html>log in</html>")]
    [InlineData(200, "{\"Credentials\":{\"AccessKeyId\":\"x\"}}")]
    [InlineData(200, "{\"Credentials\":[]}")]
    [InlineData(502, "<html/>")]
    [InlineData(403, "<html/>")]
    [InlineData(404, "")]
    public void What_STS_did_not_write_is_no_credentials(int status, string body)
    {
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Body(status, "text/html", body));

        Assert.StartsWith("Sts.", _bench.Wait().Code, StringComparison.Ordinal);
        Assert.Empty(_bench.Circuits.Snapshot());
    }

    [Fact]
    public void Without_a_managed_identity_it_is_said_that_there_is_none()
    {
        _bench.Environment.Remove("IDENTITY_HEADER");

        var wait = _bench.Wait();

        Assert.Equal("IdentityMissing", wait.Code);
        Assert.Contains("Give the app a managed identity", wait.Why, StringComparison.Ordinal);
        Assert.Empty(_bench.Ecs.Calls);
    }

    [Theory]
    [InlineData(400, true)]
    [InlineData(500, false)]
    [InlineData(429, false)]
    public void An_identity_endpoint_that_refuses_is_quoted(int status, bool closesTheAccount)
    {
        _bench.Ecs.On(StsReplies.Identity, Replies.Json(status, """{"statusCode":400,"message":"No User Assigned or Delegated Managed Identity found."}"""));

        var wait = _bench.Wait();

        Assert.Contains("Managed identity: No User Assigned", wait.Why, StringComparison.Ordinal);
        Assert.Equal(closesTheAccount, _bench.Circuits.Snapshot().Count == 1);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData(20_001)]
    public void A_token_that_STS_cannot_take_is_not_sent(object token)
    {
        _bench.Ecs.On(StsReplies.Identity, StsReplies.TokenFor(token as string ?? new string('x', (int)token)));

        Assert.Equal("TokenUnusable", _bench.Wait().Code);
        Assert.DoesNotContain(_bench.Ecs.Calls, call => call.Action == "AssumeRoleWithOIDC");
    }

    [Fact]
    public void No_secret_is_ever_told()
    {
        const string Echo = $"You sent {StsReplies.Jwt}, which begins with eyJhbGciOi, and {StsReplies.Header}.";
        _bench.Ecs.On("AssumeRoleWithOIDC", Replies.Error(403, "AuthenticationFail.NoPermission", Echo));
        var refused = _bench.Wait().Why;
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        _bench.Ecs.On(StsReplies.Identity, Replies.Json(400, $$"""{"message":"{{Echo}}"}"""));
        var unidentified = _bench.Wait().Why;
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        _bench.Ecs.On(StsReplies.Identity, StsReplies.TokenFor()).On("AssumeRoleWithOIDC", StsReplies.Issued(expiration: "2027-01-01T00:00:00Z"))
            .OnLeave(Replies.Error(403, "InstanceLockedForSecurity", $"{StsReplies.Secret} {StsReplies.Token}"));
        var failed = _bench.End().Sentence;
        string[] printed =
        [
            new IdentityToken.Found(StsReplies.Jwt).ToString(),
            new Grant.Given(new("STS.id", StsReplies.Secret, StsReplies.Token), TimeSpan.FromHours(1)).ToString(),
        ];

        Assert.Contains("which begins with ***", refused, StringComparison.Ordinal);
        Assert.All([refused, unidentified, failed, .. printed, .. _log.Lines], text =>
        {
            Assert.DoesNotContain("eyJ", text, StringComparison.Ordinal);
            Assert.DoesNotContain(StsReplies.Secret, text, StringComparison.Ordinal);
            Assert.DoesNotContain(StsReplies.Token, text, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(StsReplies.Header, unidentified, StringComparison.Ordinal);
        Assert.NotEmpty(_log.Lines);
    }

    private static AccountOptions Keyless() => new()
    {
        Credentials = CredentialsSource.ManagedIdentity,
        RoleArn = "acs:ram::1:role/ungroup",
        OidcProviderArn = "acs:ram::1:oidc-provider/entra",
        TokenAudience = "api://ungroup",
        IdentityClientId = "c-1",
    };
}
