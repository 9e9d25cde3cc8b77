using System.Text;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class CloudEventEnvelopeTests
{
    private const string Attributes =
        "\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/inventory\",\"type\":\"removal.requested\",\"traceparent\":\"00-a-b-01\"";

    [Fact]
    public void A_request_in_a_structured_event_is_the_same_request()
    {
        var wrapped = Read(Some.Delivery($"{{{Attributes},\"datacontenttype\":\"application/json\",\"data\":{Some.Body}}}"));

        Assert.Equal(Read(Some.Delivery()), wrapped);
    }

    [Fact]
    public void A_request_in_base64_is_the_same_request()
    {
        var wrapped = Read(Some.Delivery($"{{{Attributes},\"data_base64\":\"{Convert.ToBase64String(Encoding.UTF8.GetBytes(Some.Body))}\"}}"));

        Assert.Equal(Read(Some.Delivery()), wrapped);
    }

    [Theory]
    [InlineData("cloudEvents:specversion")]
    [InlineData("cloudEvents_specversion")]
    public void A_binary_event_leaves_the_body_as_it_is(string name) =>
        Assert.Equal(
            Read(Some.Delivery()),
            Read(Some.Delivery() with { Properties = new Dictionary<string, object?> { [name] = "1.0", ["cloudEvents:id"] = "e-1" } }));

    public static TheoryData<string, bool> DataTypes => new()
    {
        { "application/json", true },
        { "Application/JSON; charset=utf-8", true },
        { "text/json", true },
        { "application/vnd.acme.removal+json", true },
        { "application/vnd.acme.removal+JSON; charset=utf-8", true },
        { "text/xml", false },
        { "application/vnd.acme.removal+xml", false },
        { "application/jsonp", false },
        { "+json", false },
        { "application/+json", false },
    };

    [Theory]
    [MemberData(nameof(DataTypes))]
    public void One_rule_says_what_is_JSON_in_a_structured_event_and_in_a_binary_one(string type, bool isTaken)
    {
        var structured = Some.Reader.Read(Some.Delivery($"{{{Attributes},\"datacontenttype\":\"{type}\",\"data\":{Some.Body}}}"));
        var binary = Some.Reader.Read(
            Some.Delivery() with { ContentType = type, Properties = new Dictionary<string, object?> { ["cloudEvents:specversion"] = "1.0" } });

        Assert.Equal((isTaken, isTaken), (structured is ParsedRequest.Accepted, binary is ParsedRequest.Accepted));
    }

    [Theory]
    [InlineData("specversion", "\"specversion\":\"0.3\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\",\"data\":{}")]
    [InlineData("source", "\"specversion\":\"1.0\",\"id\":\"e\",\"type\":\"t\",\"data\":{}")]
    [InlineData("id", "\"specversion\":\"1.0\",\"id\":\"\",\"source\":\"/s\",\"type\":\"t\",\"data\":{}")]
    [InlineData("data", "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\"")]
    [InlineData("data", "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\",\"data\":\"text\"")]
    [InlineData("data_base64", "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\",\"data_base64\":\"%%%\"")]
    [InlineData("datacontenttype", "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\",\"datacontenttype\":\"text/xml\",\"data\":{}")]
    [InlineData("dryrun", "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\",\"data\":{},\"dryrun\":true")]
    [InlineData("instanceId", "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/s\",\"type\":\"t\",\"data\":{},\"instanceId\":\"i-1\"")]
    public void A_broken_envelope_is_refused_with_a_sentence_that_names_the_attribute(string member, string attributes)
    {
        var invalid = Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery($"{{{attributes}}}")));

        Assert.Contains(invalid.Problems, problem => problem.Member == member && problem.Sentence.Contains(member, StringComparison.Ordinal));
    }

    [Fact]
    public void A_duplicate_key_inside_the_data_is_refused()
    {
        var invalid = Assert.IsType<ParsedRequest.Invalid>(
            Some.Reader.Read(Some.Delivery($"{{{Attributes},\"data\":{{\"dryRun\":true,\"dryRun\":false,{Some.Body[1..]}}}")));

        Assert.Equal("dryRun", Assert.Single(invalid.Problems).Member);
        Assert.Equal("r-1", invalid.RequestId);
    }

    [Fact]
    public void A_binary_event_of_an_unknown_version_and_a_batch_are_refused()
    {
        Assert.IsType<ParsedRequest.Invalid>(
            Some.Reader.Read(Some.Delivery() with { Properties = new Dictionary<string, object?> { ["cloudEvents:specversion"] = "2.0" } }));
        Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery() with { ContentType = "application/cloudevents-batch+json" }));
    }

    private static RemovalRequest Read(Delivery delivery) => Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(delivery)).Request;
}
