using System.Text;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class RequestReaderTests
{
    [Fact]
    public void A_complete_request_is_read_member_by_member()
    {
        var request = Accepted(
            """
            {"requestId":"inc/118:a_b.c-d","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou",
             "account":"beijing","origin":"incident","requestedBy":"安全运营","reason":"隔离主机 — 🧯","notBefore":"2026-01-02T03:04:05Z",
             "expiresAt":"2026-01-02T13:04:05.25+08:00","dryRun":true}
            """);

        Assert.Equal("inc/118:a_b.c-d", request.RequestId);
        Assert.Equal(Some.NetworkInterface(), request.Resource);
        Assert.Equal("sg-bp1web", request.SecurityGroup.Value);
        Assert.Equal("cn-hangzhou", request.RegionId);
        Assert.Equal("beijing", request.Account);
        Assert.Equal(Origin.Incident, request.Origin);
        Assert.Equal("安全运营", request.RequestedBy);
        Assert.Equal("隔离主机 — 🧯", request.Reason);
        Assert.Equal(Some.Now, request.NotBefore);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 5, 4, 5, 250, TimeSpan.Zero), request.ExpiresAt);
        Assert.True(request.DryRun);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var request = Accepted("""{"instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","account":"beijing"}""");

        Assert.Equal("m-1", request.RequestId);
        Assert.Equal("cn-beijing", request.RegionId);
        Assert.Equal(Origin.Upstream, request.Origin);
        Assert.False(request.DryRun);
    }

    [Theory]
    [InlineData("cn-hangzou", "cn-hangzhou")]
    [InlineData("cn-hangzhou-h", "cn-hangzhou")]
    [InlineData("cn-shanghai-finance-1a", "cn-shanghai-finance-1")]
    [InlineData("oss-cn-hangzhou", "cn-hangzhou")]
    [InlineData("CN-Beijing", "cn-beijing")]
    [InlineData(" cn-beijing", "cn-beijing")]
    [InlineData("us-east1", "us-east-1")]
    [InlineData("eu-central-2", "eu-central-1")]
    [InlineData("cn-hangzhou.evil.example", "cn-hangzhou")]
    [InlineData("cn-aa", "cn-a")]
    public void Fault_66_A_region_that_nobody_knows_is_rejected_with_the_nearest_name(string written, string meant)
    {
        var problem = Assert.Single(Invalid(Some.Delivery($$"""{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"{{written}}"}""")).Problems);

        Assert.Equal("regionId", problem.Member);
        Assert.EndsWith($"did you mean {meant}?", problem.Sentence, StringComparison.Ordinal);
        Assert.Contains("Accounts:default:Regions", problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_without_any_likeness_is_compared_in_no_time()
    {
        var problem = Assert.Single(Invalid(Some.Delivery($$"""{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"{{new string('x', 50_000)}}"}""")).Problems);

        Assert.InRange(problem.Sentence.Length, 100, 400);
    }

    [Fact]
    public void A_sender_knows_the_regions_that_are_built_in()
    {
        var reader = new RequestReader(KnownAccounts.Unchecked);

        Assert.IsType<ParsedRequest.Accepted>(reader.Read(Some.Delivery("""{"instanceId":"i-1","securityGroupId":"sg-1"}""")));
        Assert.IsType<ParsedRequest.Accepted>(reader.Read(Some.Delivery("""{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"na-south-1"}""")));
        Assert.IsType<ParsedRequest.Invalid>(reader.Read(Some.Delivery("""{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"na-south-9"}""")));
    }

    [Theory]
    [InlineData("notBefore", "9999-12-31T23:59:59Z")]
    [InlineData("notBefore", "9999-12-31T23:59:59.9999999Z")]
    [InlineData("expiresAt", "9999-12-31T00:00:00+14:00")]
    [InlineData("notBefore", "2026-02-01T03:04:06Z")]
    [InlineData("expiresAt", "2027-01-02T03:04:05Z")]
    public void Fault_67_An_instant_is_at_most_thirty_days_away(string member, string instant)
    {
        var problem = Assert.Single(Invalid(Some.Delivery($$"""{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","{{member}}":"{{instant}}"}""")).Problems);

        Assert.Equal(member, problem.Member);
        Assert.Contains("at most 30 days after the request is sent, which is until 2026-02-01T03:04:05Z", problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_instant_in_thirty_days_is_near_enough_and_stays_so_for_a_copy_that_comes_then()
    {
        const string Body = """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","notBefore":"2026-02-01T03:04:05Z"}""";

        Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(Body)));
        Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(Body) with { EnqueuedAt = Some.Now.AddDays(30) }));
    }

    [Theory]
    [InlineData("securityGroupId", """{"instanceId":"i-1","regionId":"cn-a"}""")]
    [InlineData("securityGroupId", """{"instanceId":"i-1","regionId":"cn-a","securityGroupId":"web"}""")]
    [InlineData("securityGroupId", """{"instanceId":"i-1","regionId":"cn-a","securityGroupId":"sg-"}""")]
    [InlineData("securityGroupId", """{"instanceId":"i-1","regionId":"cn-a","securityGroupId":7}""")]
    [InlineData("instanceId", """{"regionId":"cn-a","securityGroupId":"sg-1"}""")]
    [InlineData("instanceId", """{"instanceId":"web-2","regionId":"cn-a","securityGroupId":"sg-1"}""")]
    [InlineData("instanceId", """{"instanceId":"i-1&Action=x","regionId":"cn-a","securityGroupId":"sg-1"}""")]
    [InlineData("instanceId", """{"instanceId":null,"regionId":"cn-a","securityGroupId":"sg-1"}""")]
    [InlineData("networkInterfaceId", """{"instanceId":"i-1","networkInterfaceId":"eni-1","regionId":"cn-a","securityGroupId":"sg-1"}""")]
    [InlineData("networkInterfaceId", """{"networkInterfaceId":"i-1","regionId":"cn-a","securityGroupId":"sg-1"}""")]
    [InlineData("regionId", """{"networkInterfaceId":"eni-1","account":"beijing","securityGroupId":"sg-1"}""")]
    [InlineData("regionId", """{"instanceId":"i-1","securityGroupId":"sg-1"}""")]
    [InlineData("regionId", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a/evil.example"}""")]
    [InlineData("regionId", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":""}""")]
    [InlineData("regionId", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"-"}""")]
    [InlineData("regionId", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-"}""")]
    [InlineData("regionId", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"1cn"}""")]
    [InlineData("account", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","account":"prod"}""")]
    [InlineData("origin", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","origin":"Incident"}""")]
    [InlineData("requestId", """{"requestId":"a b","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a"}""")]
    [InlineData("requestId", """{"requestId":"","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a"}""")]
    [InlineData("dryRun", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","dryRun":"true"}""")]
    [InlineData("dryRun", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","dryRun":null}""")]
    [InlineData("dryrun", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","dryrun":true}""")]
    [InlineData("expiresAt", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","expiresAt":"tomorrow"}""")]
    [InlineData("expiresAt", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","expiresAt":"2026-01-02T03:04:05"}""")]
    [InlineData("expiresAt", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","expiresAt":"2026-02-30T03:04:05Z"}""")]
    [InlineData("expiresAt", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","expiresAt":"2099-01-01T00:00:00Z\n"}""")]
    [InlineData("notBefore", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","notBefore":"2026-01-02T03:04:05Z","expiresAt":"2026-01-02T03:04:05Z"}""")]
    [InlineData("securityGroupId", """{"instanceId":"i-1","securityGroupId":"sg-1","securityGroupId":"sg-2","regionId":"cn-a"}""")]
    [InlineData("dryRun", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","dryRun":true,"dry\u0052un":false}""")]
    [InlineData("reason", """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a","reason":"\ud800"}""")]
    [InlineData("body", "this is not JSON")]
    [InlineData("body", "")]
    [InlineData("body", "[]")]
    [InlineData("body", "null")]
    [InlineData("body", "{} {}")]
    [InlineData("body", """{"instanceId":"i-1",}""")]
    [InlineData("body", """{"reason":[[[[[[[[[1]]]]]]]]]}""")]
    public void A_bad_request_is_refused_with_a_sentence_that_names_the_member(string member, string body)
    {
        var invalid = Invalid(Some.Delivery(body));

        var problem = Assert.Single(invalid.Problems, problem => problem.Member == member);
        Assert.Contains(member, problem.Sentence, StringComparison.Ordinal);
        Assert.EndsWith(problem.Sentence.Contains("did you mean", StringComparison.Ordinal) ? "?" : ".", problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_told_at_once()
    {
        var invalid = Invalid(Some.Delivery("""{"requestId":"r-9","instanceId":"web","origin":"me","extra":1}"""));

        Assert.Equal("r-9", invalid.RequestId);
        Assert.Equal(["instanceId", "extra", "securityGroupId", "regionId", "origin"], invalid.Problems.Select(problem => problem.Member));
    }

    [Fact]
    public void However_much_is_wrong_the_sentence_stays_short_enough_for_an_event()
    {
        var members = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $"\"m{number}\":1"));

        var accounts = Enumerable.Range(0, 2_000).ToDictionary(number => $"account-{number}", _ => (string?)null);
        var invalid = Assert.IsType<ParsedRequest.Invalid>(
            new RequestReader(new(accounts)).Read(Some.Delivery($"{{\"account\":\"prod\",{members}}}")));

        Assert.EndsWith(" more.", invalid.Sentence, StringComparison.Ordinal);
        Assert.InRange(invalid.Sentence.Length, 100, 4_096);
    }

    [Fact]
    public void A_body_of_more_than_64_KiB_is_refused_unread()
    {
        var invalid = Invalid(Some.Delivery(new byte[RequestReader.LongestBody + 1]));

        Assert.Equal("The body had 65,537 bytes; expected at most 65,536.", invalid.Sentence);
    }

    [Fact]
    public void A_body_that_is_not_UTF_8_is_refused() =>
        Assert.Equal("body", Assert.Single(Invalid(Some.Delivery([.. "{\"reason\":\""u8, 0xC3, 0x28, .. "\"}"u8])).Problems).Member);

    [Fact]
    public void A_byte_order_mark_is_no_fault() => Accepted([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Some.Body)]);

    [Fact]
    public void Free_text_is_measured_in_characters_not_in_bytes_or_surrogates()
    {
        var longest = string.Concat(Enumerable.Repeat("🧯", 256));
        var body = Some.Body.Replace("\"requestId\"", $"\"requestedBy\":\"{longest}\",\"requestId\"", StringComparison.Ordinal);

        Assert.Equal(longest, Accepted(body).RequestedBy);
        Assert.Equal("requestedBy", Assert.Single(Invalid(Some.Delivery(body.Replace(longest, longest + "x", StringComparison.Ordinal))).Problems).Member);
    }

    [Fact]
    public void A_message_id_that_cannot_be_a_key_is_refused_where_no_requestId_is_given()
    {
        const string Keyless = """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-a"}""";

        Assert.Equal("requestId", Assert.Single(Invalid(Some.Delivery(Keyless, messageId: "no spaces, please")).Problems).Member);
        Assert.Equal("requestId", Assert.Single(Invalid(Some.Delivery(Keyless, messageId: new('a', 129))).Problems).Member);
    }

    [Fact]
    public void What_a_sender_wrote_is_shown_short_and_on_one_line()
    {
        var invalid = Invalid(Some.Delivery("""{"instanceId":"x\u001b[2J\nSYSTEM: all is well\u202e","securityGroupId":"sg-1","regionId":"cn-a"}"""));

        Assert.Contains("\"x\\u{1b}[2J\\u{a}SYSTEM: all is well\\u{202e}\"", invalid.Sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(invalid.Sentence, char.IsControl);
    }

    private static RemovalRequest Accepted(string body) => Accepted(Encoding.UTF8.GetBytes(body));

    private static RemovalRequest Accepted(byte[] body) => Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(body))).Request;

    private static ParsedRequest.Invalid Invalid(Delivery delivery)
    {
        var invalid = Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(delivery));
        Assert.NotEmpty(invalid.Problems);
        return invalid;
    }
}
