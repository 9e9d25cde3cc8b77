using System.Text;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Intake;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Intake;

public sealed class IntakeReaderTests
{
    private const string Json = "application/json";

    private static readonly IntakeReader Reader = new(Some.Reader, new FakeTimeProvider(Some.Now));

    [Theory]
    [InlineData("upstream", "removals")]
    [InlineData("cleanup", "removals")]
    [InlineData("incident", "removals-incident")]
    public void A_request_becomes_a_message_with_its_own_key_for_the_queue_of_its_origin(string origin, string queue)
    {
        var body = Some.Body[..^1] + $",\"origin\":\"{origin}\"}}";

        var item = Accepted(body);

        Assert.Equal(("r-1", "r-1", queue, Json), (item.MessageId, item.Request.RequestId, item.Queue, item.ContentType));
        Assert.Equal(body, Encoding.UTF8.GetString(item.Body.Span));
    }

    [Fact]
    public void A_request_without_a_key_gets_a_fresh_one_each_time()
    {
        var body = Some.Body.Replace("\"requestId\":\"r-1\",", "", StringComparison.Ordinal);

        var (one, other) = (Accepted(body), Accepted(body));

        Assert.True(Guid.TryParse(one.MessageId, out _));
        Assert.Equal(one.MessageId, one.Request.RequestId);
        Assert.NotEqual(one.MessageId, other.MessageId);
    }

    [Theory]
    [InlineData("""{"dryrun":true}""")]
    [InlineData("""{"requestId":"r-1","requestId":"r-2"}""")]
    [InlineData("""{"instanceId":"i-1","networkInterfaceId":"eni-1","securityGroupId":null}""")]
    [InlineData("this is not JSON")]
    [InlineData("")]
    [InlineData("7")]
    public void What_the_queue_would_reject_is_invalid_for_the_very_same_reasons(string body)
    {
        var theirs = Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery(body, Guid.NewGuid().ToString())));

        var item = Assert.IsType<IntakeItem.Invalid>(One(body));

        Assert.Equal(theirs.Problems, item.Why.Problems);
    }

    [Fact]
    public void The_requests_of_a_batch_are_each_read_for_themselves()
    {
        var batch = Assert.IsType<IntakeReading.Batch>(Read($$"""
              [ {{Some.Body}}, {"dryrun":true}, 7, {{Some.Body.Replace("r-1", "r-2", StringComparison.Ordinal)}} ]
            """));

        Assert.Collection(
            batch.Items,
            item => Assert.Equal("r-1", Assert.IsType<IntakeItem.Accepted>(item).MessageId),
            item => Assert.Contains(Assert.IsType<IntakeItem.Invalid>(item).Why.Problems, problem => problem.Member == "dryrun"),
            item => Assert.Equal("body", Assert.Single(Assert.IsType<IntakeItem.Invalid>(item).Why.Problems).Member),
            item => Assert.Equal("r-2", Assert.IsType<IntakeItem.Accepted>(item).MessageId));
    }

    [Fact]
    public void A_request_in_a_batch_may_be_nested_as_deeply_as_one_alone()
    {
        var nested = $"{{\"x\":{string.Concat(Enumerable.Repeat('[', 7))}{string.Concat(Enumerable.Repeat(']', 7))}}}";

        var batch = Assert.IsType<IntakeReading.Batch>(Read($"[{nested}]"));

        Assert.Contains(Assert.IsType<IntakeItem.Invalid>(Assert.Single(batch.Items)).Why.Problems, problem => problem.Member == "x");
    }

    [Theory]
    [InlineData("[]", "0 requests")]
    [InlineData("[1,]", "not JSON (line 1, byte 4)")]
    [InlineData("[{}", "not JSON")]
    public void A_batch_that_cannot_be_told_apart_is_unreadable_as_a_whole(string body, string because) =>
        Assert.Contains(because, Assert.IsType<IntakeReading.Unreadable>(Read(body)).Problem.Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void A_batch_has_at_most_a_hundred_requests(int requests, bool isRead) =>
        Assert.Equal(isRead, Read($"[{string.Join(',', Enumerable.Repeat(Some.Body, requests))}]") is IntakeReading.Batch);

    [Theory]
    [InlineData('{', RequestReader.LongestBody)]
    [InlineData('[', IntakeReader.LongestBody)]
    public void What_is_too_large_is_not_looked_at(char first, int longest)
    {
        var body = new byte[longest + 1];
        body.AsSpan().Fill((byte)' ');
        body[0] = (byte)first;

        Assert.IsType<IntakeReading.TooLarge>(Reader.Read(body, Json));
        Assert.IsNotType<IntakeReading.TooLarge>(Reader.Read(body.AsMemory(0, longest), Json));
    }

    [Fact]
    public void A_request_in_a_batch_is_no_larger_than_one_alone()
    {
        var batch = Assert.IsType<IntakeReading.Batch>(Read($"[{{\"reason\":\"{new string('x', RequestReader.LongestBody)}\"}}]"));

        Assert.Equal("body", Assert.Single(Assert.IsType<IntakeItem.Invalid>(Assert.Single(batch.Items)).Why.Problems).Member);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=utf-8")]
    public void Requests_are_JSON(string contentType) => Assert.IsType<IntakeItem.Accepted>(One(Some.Body, contentType));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public void Anything_else_is_refused_by_its_type(string? contentType) =>
        Assert.Contains("expected application/json", Assert.IsType<IntakeReading.OtherType>(Read(Some.Body, contentType)).Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData("application/cloudevents+json", "{0}")]
    [InlineData("application/cloudevents-batch+json", "[{0}]")]
    public void Events_are_opened_as_on_the_queue(string contentType, string form)
    {
        var json = string.Format(
            null, form, $"{{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"/s\",\"type\":\"t\",\"data\":{Some.Body}}}");

        var item = Read(json, contentType) switch
        {
            IntakeReading.One one => one.Item,
            IntakeReading.Batch batch => Assert.Single(batch.Items),
            var other => throw new Xunit.Sdk.XunitException($"{other}"),
        };

        var accepted = Assert.IsType<IntakeItem.Accepted>(item);
        Assert.Equal(("r-1", "application/cloudevents+json"), (accepted.MessageId, accepted.ContentType));
    }

    private static IntakeItem.Accepted Accepted(string body) => Assert.IsType<IntakeItem.Accepted>(One(body));

    private static IntakeItem One(string body, string contentType = Json) => Assert.IsType<IntakeReading.One>(Read(body, contentType)).Item;

    private static IntakeReading Read(string body, string? contentType = Json) => Reader.Read(Encoding.UTF8.GetBytes(body), contentType);
}
