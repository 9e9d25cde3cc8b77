using System.Text;
using Ungroup.Cli.Sandbox.Lines;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class RequestLineTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData("a", new[] { "a" })]
    [InlineData("a\n", new[] { "a" })]
    [InlineData("a\r\nb", new[] { "a", "b" })]
    [InlineData("a\n\nb\n", new[] { "a", "", "b" })]
    [InlineData("\n", new[] { "" })]
    [InlineData(" a \rb\n", new[] { " a \rb" })]
    public void A_file_is_cut_into_lines_and_nothing_else_is_changed(string file, string[] expected) =>
        Assert.Equal(expected, Split(file).Select(line => Encoding.UTF8.GetString(line.Body.Span)));

    [Fact]
    public void Bytes_that_are_no_text_stay_as_they_are() =>
        Assert.Equal([0xff, 0xfe, 0x00], RequestLine.Split(new byte[] { 0xff, 0xfe, 0x00, (byte)'\n' }).Single().Body.ToArray());

    [Fact]
    public void The_id_of_a_message_depends_on_place_and_content_and_on_nothing_else()
    {
        var ids = Split("same\nsame\nother").Select(line => line.MessageId).ToList();

        Assert.Equal("line-1-0967115f2813", ids[0]);
        Assert.Equal("line-2-0967115f2813", ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids, Split("same\nsame\nother\n").Select(line => line.MessageId));
    }

    [Theory]
    [InlineData("""{"requestId":"r-1","instanceId":"i-1","securityGroupId":"sg-1"}""", "r-1", "i-1 from sg-1")]
    [InlineData("""{"requestId":"r-1","action":"contain","networkInterfaceId":"eni-1","isolationGroupId":"sg-iso"}""", "r-1", "contain eni-1 in sg-iso")]
    [InlineData("""{"requestId":"r-1","action":"contain","instanceId":"i-1"}""", "r-1", "contain i-1")]
    [InlineData("""{"requestId":"r-2","action":"restore","of":"r-1"}""", "r-2", "undo r-1")]
    [InlineData("""{"jobId":"JOB-7","securityGroupId":"sg-1","resources":["i-1","i-2"]}""", "JOB-7", "2 resources from sg-1")]
    [InlineData("""{"jobId":"JOB-7","action":"contain","isolationGroupId":"sg-iso","select":{"memberOf":"sg-1"}}""", "JOB-7", "contain some of sg-1 in sg-iso")]
    public void People_see_of_a_line_what_it_asks_for(string line, string request, string what) =>
        Assert.Equal((request, what), Split(line).Single().Glimpse());

    [Theory]
    [InlineData("""{"jobId":"JOB-7","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"]}""", "default/JOB-7")]
    [InlineData("""{"jobId":"JOB-7","account":"prod","securityGroupId":"sg-1","regionId":"cn-hangzhou","select":{"memberOf":"sg-1"}}""", "prod/JOB-7")]
    [InlineData("""{"jobId":"JOB-7","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"],"notBefore":"2026-11-30T06:00:00Z","expiresAt":"2026-12-01T06:00:00Z"}""", "default/JOB-7")]
    [InlineData("""{"jobId":"JOB-7","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":[]}""", null)]
    [InlineData("""{"requestId":"JOB-7","securityGroupId":"sg-1","regionId":"cn-hangzhou","instanceId":"i-1"}""", null)]
    [InlineData("not json", null)]
    public void A_line_is_a_job_where_the_worker_takes_it_for_one(string line, string? expected) => Assert.Equal(expected, Split(line).Single().Job?.ToString());

    private static IEnumerable<RequestLine> Split(string file) => RequestLine.Split(Encoding.UTF8.GetBytes(file));
}
