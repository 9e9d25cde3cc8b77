using System.IO.Compression;
using System.Text;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

/// <summary>A sentence says what came as it was, and never leaves its reader alone with it.</summary>
public sealed class ProblemSentenceTests
{
    private const string Good = "\"instanceId\":\"i-1\",\"securityGroupId\":\"sg-1\",\"regionId\":\"cn-hangzhou\"";

    [Theory]
    [InlineData("\"reason\":\"Ticket 12 \\ud83d\"", "`reason` was text with half of a character in it (one of the two \\u… of a pair); expected text of at most 1,024 characters, cut only between whole characters.")]
    [InlineData("\"reason\":null", "`reason` was null; expected text of at most 1,024 characters, or leave it out.")]
    [InlineData("\"dryRun\":null", "`dryRun` was null; expected true or false, or leave it out.")]
    [InlineData("\"origin\":null", "`origin` was null; expected \"upstream\", \"incident\" or \"cleanup\", or leave it out.")]
    [InlineData("\"expiresAt\":null", "`expiresAt` was null; expected an RFC 3339 instant, such as 2026-01-02T03:04:05Z, or leave it out.")]
    [InlineData("\"requestId\":null", "`requestId` was null; expected 1–128 of A-Z a-z 0-9 . _ : / -, or leave it out.")]
    [InlineData("\"account\":null", "`account` was null; expected the name of a configured account, or leave it out.")]
    [InlineData("\"networkInterfaceId\":null", "`networkInterfaceId` was null; leave it out, for `instanceId` names the resource.")]
    public void A_member_is_told_as_it_came(string member, string sentence) => Assert.Equal([sentence], Problems($"{{{member},{Good}}}"));

    [Fact]
    public void A_long_word_that_may_be_secret_is_told_as_what_it_is_and_not_as_nothing() => Assert.Contains(
        Problems($$"""{"instanceId":"{{new string('a', 5_000)}}","securityGroupId":"sg-1","regionId":"cn-hangzhou"}"""),
        sentence => sentence.StartsWith("`instanceId` was text of 5,000 characters that is not shown", StringComparison.Ordinal));

    [Theory]
    [InlineData("<?xml version=\"1.0\"?><request/>", "XML")]
    [InlineData("\r\n  <!DOCTYPE html><html/>", "an HTML page")]
    [InlineData("eyJpbnN0YW5jZUlkIjoiaS0xIiwic2VjdXJpdHlHcm91cElkIjoic2ctMSJ9", "JSON in base64")]
    [InlineData("instanceId=i-1&securityGroupId=sg-1", "a web form")]
    public void A_text_that_is_no_JSON_is_called_by_its_name(string body, string kind) =>
        Assert.Equal([$"The body is {kind}; expected one JSON object in UTF-8."], Problems(body));

    [Fact]
    public void Compressed_bytes_and_other_encodings_are_called_by_their_name()
    {
        Assert.StartsWith("The body is compressed with gzip;", Single(Gzip($"{{{Good}}}")), StringComparison.Ordinal);
        Assert.StartsWith("The body is text in UTF-16;", Single(Encoding.Unicode.GetBytes($"{{{Good}}}")), StringComparison.Ordinal);
        Assert.StartsWith("The body is text in UTF-16;", Single([.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes($"{{{Good}}}")]), StringComparison.Ordinal);
        Assert.StartsWith("The body was a string with JSON in it;", Assert.Single(Problems("\"{\\\"instanceId\\\":\\\"i-1\\\"}\"")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"reason\":\"attempt 1\",", "\"reason\":\"attempt 2\",", "`reason` was \"attempt 1\", and is \"attempt 2\" now")]
    [InlineData("\"reason\":\"\",", "", "`reason` was empty, and is left out now")]
    [InlineData("\"reason\":\"caf\u00e9\",", "\"reason\":\"cafe\u0301\",", "`reason` was \"caf\u00e9\", and is \"cafe\u0301\" now")]
    [InlineData("", "\"dryRun\":true,", "`dryRun` was false, and is true now")]
    [InlineData("\"origin\":\"cleanup\",", "\"origin\":\"incident\",", "`origin` was \"cleanup\", and is \"incident\" now")]
    public async Task A_conflict_names_the_member_that_differs_while_the_request_waits_and_after_its_end(string first, string second, string difference)
    {
        foreach (var ends in (bool[])[true, false])
        {
            await using var bench = new HandlerBench();
            bench.Ecs.OnLeave(ends ? Ecs.Replies.Ok : Ecs.Replies.Error(403, "IncorrectInstanceStatus"));
            bench.Ecs.OnRead(Ecs.Replies.NoInstance).On("DescribeSecurityGroups", Ecs.Replies.Group());
            await bench.HandleAsync($$"""{"requestId":"r-1",{{first}}{{Good}}}""");

            var letter = Assert.IsType<Settlement.DeadLetter>(await bench.HandleAsync($$"""{"requestId":"r-1",{{second}}{{Good}}}""", "m-2"));

            Assert.Equal("IdempotencyConflict", letter.Reason);
            Assert.Contains($"says something else: {difference}; expected a new requestId", letter.Description, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_conflict_over_a_region_that_is_given_once_and_left_out_once_says_so()
    {
        await using var bench = new HandlerBench(settings: ("Accounts:default:DefaultRegion", "cn-hangzhou"));
        bench.Ecs.OnLeave(Ecs.Replies.Ok);
        await bench.HandleAsync("""{"requestId":"r-1","instanceId":"i-1","securityGroupId":"sg-1"}""");

        var letter = Assert.IsType<Settlement.DeadLetter>(await bench.HandleAsync($$"""{"requestId":"r-1",{{Good}}}""", "m-2"));

        Assert.Contains("`regionId` was left out, and is given now", letter.Description, StringComparison.Ordinal);
    }

    private static List<string> Problems(string body) => Problems(Encoding.UTF8.GetBytes(body));

    private static string Single(byte[] body) => Assert.Single(Problems(body));

    private static List<string> Problems(byte[] body) =>
        [.. Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery(body))).Problems.Select(problem => problem.Sentence)];

    private static byte[] Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }
}
