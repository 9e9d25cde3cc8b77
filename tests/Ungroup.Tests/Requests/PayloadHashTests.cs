using System.Text.Json;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class PayloadHashTests
{
    /// <summary>A sender who sends such a request again after an update is told what became of the first one.</summary>
    public static TheoryData<string, string> HashesForEver => new()
    {
        { "af9229b234c63c764cdba309cf1295832360c25b05bc3f5c0cb103194189b248", """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""" },
        { "3eb48c9321b645db87c5e538870afce08e61c437e86afb24bccf599a59db2cb6", """{"requestId":"r-1","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""" },
        { "e85b208cb2a6e8eba426f26d36273cb03e4a7c467aef4794efb49d8c62bf40e8", """{"requestId":"r-1","account":"beijing","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web"}""" },
        { "77a3d7eeee0928eb1e9035ee77052df7a127f346b3e9a197738ef0b57ea0a7bf", """{"requestId":"r-1","account":"beijing","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-beijing"}""" },
        { "bd0baf92d315c121ba760832b6305ca5a524f982fd586710144f3305a8025504", """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","origin":"incident","requestedBy":"soar","reason":"隔离 🧯"}""" },
        { "4adf04aa923fab014221d0979dbb19b5b64ff54feb94a4dcbdc028edc179e82f", """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","origin":"cleanup"}""" },
        { "f341bf531b19365c730c5bc7044bf04d609bd15cdd89b12b7ba14bace540d348", """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","requestedBy":"","reason":""}""" },
        { "40dde60f234004f833357f988b36debd36965e2833e208381dd25eaabd24c61d", """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","notBefore":"2026-01-02T03:04:05.0000001Z"}""" },
        { "5bcb3170b1f31f432579dec866d8be2eb743ca5188de30d6b4d79cbc6dd2ca67", """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","expiresAt":"2026-01-02T11:04:05+08:00"}""" },
        { "3318ad14caca2dfef4d85ce8fa42386c1ed8153638a9dc58f3c3f114fcc3fd1d", """{"requestId":"r-1","account":"beijing","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","origin":"incident","requestedBy":"soar","reason":"line 1\nline 2: \"quoted\"","notBefore":"2026-01-02T03:00:00Z","expiresAt":"2026-01-03T03:04:05.6789Z","dryRun":true}""" },
    };

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
    [MemberData(nameof(HashesForEver))]
    public void The_hash_of_a_request_never_changes(string hash, string body) => Assert.Equal(hash, Hash(body));

    [Fact]
    public void A_member_that_came_later_counts_by_its_name_and_value_where_it_is_present()
    {
        var without = Some.Request();

        string[] hashes =
        [
            PayloadHash.Of(without),
            PayloadHash.Of(With("ticket", "T-1")),
            PayloadHash.Of(With("ticket", "T-2")),
            PayloadHash.Of(With("change", "T-1")),
        ];

        Assert.Equal(PayloadHash.Of(without), PayloadHash.Of(without with { More = new Dictionary<string, JsonElement>() }));
        Assert.Equal(hashes.Distinct(), hashes);

        RemovalRequest With(string name, string value) =>
            without with { More = new Dictionary<string, JsonElement> { [name] = JsonSerializer.SerializeToElement(value) } };
    }

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
