using System.Web;
using Ungroup.Ecs;
using Ungroup.Ecs.Wire;
using Ungroup.Messages;

namespace Ungroup.Tests.Ecs.Credentials;

public sealed class OtherSourcesTests : IDisposable
{
    private const string Role = "acs:ram::1:role/ungroup";

    private readonly string _file = Path.GetTempFileName();
    private readonly EcsBench _bench = new();

    public OtherSourcesTests() => _bench.Ecs.OnLeave(Replies.Ok).On("AssumeRoleWithOIDC", StsReplies.Issued()).On("AssumeRole", StsReplies.Issued());

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_token_file_is_read_anew_for_every_issue()
    {
        UseFile(_file);
        File.WriteAllText(_file, "token-one\n");
        _bench.End();
        File.WriteAllText(_file, "token-two");
        _bench.Clock.Advance(TimeSpan.FromMinutes(50));
        _bench.End();

        Assert.Equal(["token-one", "token-two"], _bench.Ecs.Calls.Where(call => call.Action == "AssumeRoleWithOIDC").Select(call => FormOf(call)["OIDCToken"]));
    }

    [Fact]
    public void A_token_file_that_is_not_there_is_named()
    {
        UseFile(_file + ".gone");

        Assert.Contains($"The token file {_file}.gone is not there (TokenFileUnreadable).", _bench.Wait().Why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_is_assumed_with_a_signed_call_and_no_secret_in_its_URL()
    {
        _bench.Environment["ALIBABA_CLOUD_SECURITY_TOKEN"] = "planted-base-token";
        _bench.Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.AssumeRole, RoleArn = Role, ExternalId = "planted-external" };

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);

        var call = _bench.Ecs.Calls[0];
        var form = FormOf(call);
        Dictionary<string, string> signed = form.Union(Pairs(call.Url.Query)).Where(pair => pair.Key != "Signature").ToDictionary();
        Assert.Equal(RpcSignature.Of("POST", signed, "testAccessKeySecret"), form["Signature"]);
        Assert.Equal(("planted-base-token", "planted-external", "testAccessKeyId"), (form["SecurityToken"], form["ExternalId"], form["AccessKeyId"]));
        Assert.DoesNotContain("planted", call.Url.Query, StringComparison.Ordinal);
        Assert.Equal("ram_role_arn", _bench.Ecs.Leaves.Single().Headers["x-acs-credentials-provider"]);
    }

    [Fact]
    public void The_key_that_assumes_is_the_accounts_own_where_it_has_one()
    {
        _bench.Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.AssumeRole, RoleArn = Role, AccessKeyId = "own-key", AccessKeySecret = "own-secret" };

        _bench.End();

        Assert.Equal("own-key", FormOf(_bench.Ecs.Calls[0])["AccessKeyId"]);
    }

    [Fact]
    public void A_key_that_STS_no_longer_takes_is_read_again_once()
    {
        _bench.Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.AssumeRole, RoleArn = Role };
        _bench.Ecs.On(
            "AssumeRole",
            Replies.Error(404, "InvalidAccessKeyId.NotFound").Doing(() => _bench.Environment["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "freshAccessKeyId"),
            StsReplies.Issued());

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Equal("freshAccessKeyId", FormOf(_bench.Ecs.Calls[1])["AccessKeyId"]);
    }

    [Fact]
    public void The_echo_of_a_signature_that_STS_refuses_is_replaced()
    {
        _bench.Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.AssumeRole, RoleArn = Role };
        _bench.Ecs.On("AssumeRole", Replies.Error(400, "SignatureDoesNotMatch", "server string to sign is:POST&planted"));

        var why = _bench.Wait().Why;

        Assert.Contains("The signature is not the one STS calculates (SignatureDoesNotMatch).", why, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_role_without_a_key_to_assume_it_says_so()
    {
        _bench.Environment.Clear();
        _bench.Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.AssumeRole, RoleArn = Role };

        Assert.Equal("MissingCredentials", _bench.Wait().Code);
    }

    [Theory]
    [InlineData("""{"Code":"Success","AccessKeyId":"uri-key","AccessKeySecret":"s","SecurityToken":"t","Expiration":"2026-01-02T04:04:05Z"}""", "uri-key")]
    [InlineData("""{"AccessKeyId":"uri-key","AccessKeySecret":"s"}""", "uri-key")]
    public void A_URI_answers_with_credentials(string body, string id)
    {
        UseUri(Replies.Json(200, body));

        Assert.Equal(OutcomeStatus.Removed, _bench.End().Status);
        Assert.Equal("GET", _bench.Ecs.Calls[0].Method);
        Assert.Contains($"Credential={id},", _bench.Ecs.Calls[1].Headers["authorization"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """{"Code":"Failed","Message":"no role here"}""", true)]
    [InlineData(200, """{"Code":"Success","AccessKeyId":"k","AccessKeySecret":"s","Expiration":"2020-01-01T00:00:00Z"}""", true)]
    [InlineData(404, "", true)]
    [InlineData(500, "", false)]
    public void A_URI_that_has_none_is_told_apart_from_one_that_is_down(int status, string body, bool closesTheAccount)
    {
        UseUri(Replies.Json(status, body));

        _bench.Wait();

        Assert.Equal(closesTheAccount, _bench.Circuits.Snapshot().Count == 1);
    }

    private void UseFile(string path) => _bench.Accounts.Accounts["default"] = new()
    {
        Credentials = CredentialsSource.OidcTokenFile,
        RoleArn = Role,
        OidcProviderArn = "acs:ram::1:oidc-provider/k8s",
        OidcTokenFile = path,
    };

    private void UseUri(ScriptedReply reply)
    {
        _bench.Accounts.Accounts["default"] = new() { Credentials = CredentialsSource.Uri, CredentialsUri = "http://127.0.0.1:9/credentials" };
        _bench.Ecs.On("/credentials", reply);
    }

    private static Dictionary<string, string> FormOf(SeenCall call) => Pairs(call.Form).ToDictionary();

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string text)
    {
        var parsed = HttpUtility.ParseQueryString(text);
        return parsed.AllKeys.Select(key => KeyValuePair.Create(key!, parsed[key]!));
    }
}
