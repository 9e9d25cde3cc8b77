using Ungroup.Ecs;
using Ungroup.Ecs.Credentials;

namespace Ungroup.Tests.Ecs;

public sealed class RedactionTests
{
    private const string Secret = "s3cr3t-of-the-account";
    private const string Token = "CAIS+dummy/security=token==";
    private const string Id = "LTAIexampleKeyId";

    private readonly EcsBench _bench = new();

    public RedactionTests() => _bench.Accounts.Accounts["default"] = new()
    {
        Credentials = CredentialsSource.Static,
        AccessKeyId = Id,
        AccessKeySecret = Secret,
        SecurityToken = Token,
    };

    [Fact]
    public void Credentials_never_print_more_than_the_ends_of_their_id()
    {
        var credentials = new AccessKey(Id, Secret, Token);

        Assert.Equal("LTAI…Id", credentials.ToString());
        Assert.Equal("LTAI…Id", $"{credentials}");
        Assert.DoesNotContain(Secret, new Account("default", null, new StaticCredentials(credentials)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_echo_of_a_signature_mismatch_is_replaced()
    {
        _bench.Ecs.OnLeave(Replies.Error(400, "SignatureDoesNotMatch", $"Specified signature does not match. server CanonicalRequest is [x-acs-security-token:{Token}]"));

        var wait = _bench.Wait();

        Assert.Contains("The signature is not the one ECS calculates (SignatureDoesNotMatch).", wait.Why, StringComparison.Ordinal);
        Assert.DoesNotContain("CanonicalRequest", wait.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_tokens_do_not_travel_on_in_messages()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "InstanceLockedForSecurity", $"Key {Id} with {Secret} and {Token} may not."));

        var sentence = _bench.End().Sentence;

        Assert.Contains("Key LTAI…Id with *** and *** may not", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(Id, sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_is_one_short_line()
    {
        _bench.Ecs.OnLeave(Replies.Error(403, "InstanceLockedForSecurity", $"line\\r\\nbreak{new string('x', 5000)}"));

        var sentence = _bench.End().Sentence;

        Assert.InRange(sentence.Length, 100, 500);
        Assert.DoesNotContain(sentence, char.IsControl);
    }

    [Fact]
    public void Temporary_credentials_are_sent_with_their_token()
    {
        _bench.Ecs.OnLeave(Replies.Ok);

        _bench.End();

        var headers = _bench.Ecs.Calls[0].Headers;
        Assert.Equal((Token, Id, "static_sts"), (headers["x-acs-security-token"], headers["x-acs-accesskey-id"], headers["x-acs-credentials-provider"]));
    }
}
