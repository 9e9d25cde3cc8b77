using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class PayloadHashTests
{
    public static TheoryData<string> ChangedValues => new(
        "\"account\":\"beijing\",",
        "\"origin\":\"incident\",",
        "\"requestedBy\":\"me\",",
        "\"reason\":\"because\",",
        "\"reason\":\"\",",
        "\"notBefore\":\"2026-01-02T03:04:05Z\",",
        "\"expiresAt\":\"2026-01-02T03:04:05Z\",",
        "\"dryRun\":true,");

    [Theory]
    [InlineData("""{ "regionId" : "cn-hangzhou", "securityGroupId":"sg-bp1web","instanceId":"i-bp1web1","requestId":"r-1" }""")]
    [InlineData("""{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","origin":"upstream","dryRun":false,"account":"default"}""")]
    [InlineData("""{"requestId":"r-1","instanceId":"\u0069-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""")]
    public void Spacing_order_escapes_and_spelt_out_defaults_make_no_difference(string body) => Assert.Equal(Hash(Some.Body), Hash(body));

    [Theory]
    [MemberData(nameof(ChangedValues))]
    public void Every_added_value_makes_a_difference(string member) =>
        Assert.NotEqual(Hash(Some.Body), Hash(Some.Body.Replace("{", "{" + member, StringComparison.Ordinal)));

    [Theory]
    [InlineData("i-bp1web1", "i-bp1web2")]
    [InlineData("sg-bp1web", "sg-bp1db")]
    [InlineData("cn-hangzhou", "cn-beijing")]
    public void Every_changed_value_makes_a_difference(string from, string to) =>
        Assert.NotEqual(Hash(Some.Body), Hash(Some.Body.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void The_default_region_of_an_account_is_not_part_of_what_was_asked()
    {
        const string Body = """{"instanceId":"i-1","securityGroupId":"sg-1"}""";

        Assert.Equal(HashIn("cn-beijing"), HashIn("cn-hangzhou"));

        static string HashIn(string region) => PayloadHash.Of(Assert.IsType<ParsedRequest.Accepted>(
            new RequestReader(new(new Dictionary<string, string?> { ["default"] = region })).Read(Some.Delivery(Body))).Request);
    }

    [Fact]
    public void The_same_instant_in_another_offset_is_the_same_request() =>
        Assert.Equal(
            Hash(Some.Body.Replace("{", "{\"expiresAt\":\"2026-01-02T03:04:05Z\",", StringComparison.Ordinal)),
            Hash(Some.Body.Replace("{", "{\"expiresAt\":\"2026-01-02T11:04:05.000+08:00\",", StringComparison.Ordinal)));

    private static string Hash(string body) =>
        PayloadHash.Of(Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(body))).Request);
}
