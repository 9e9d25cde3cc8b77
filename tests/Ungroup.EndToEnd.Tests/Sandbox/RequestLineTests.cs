using System.Text;
using Ungroup.Cli.Sandbox;

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
    public void People_see_of_a_line_what_it_asks_for(string line, string request, string what) =>
        Assert.Equal((request, what), Split(line).Single().Glimpse());

    private static IEnumerable<RequestLine> Split(string file) => RequestLine.Split(Encoding.UTF8.GetBytes(file));
}
