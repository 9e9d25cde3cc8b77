using System.Text;
using Ungroup.Requests;

namespace Ungroup.Tests.Requests;

public sealed class ExcerptTests
{
    [Theory]
    [InlineData("""{"dryrun":true}""", """{"dryrun":true}""")]
    [InlineData("{\r\n  \"a\":\t1\n}", """{ "a": 1 }""")]
    [InlineData("a\u001b[2J\u202e", """a\u{1b}[2J\u{202e}""")]
    [InlineData("隔离主机 🧯", "隔离主机 🧯")]
    [InlineData("""{"password":"hunter2","instanceId":"i-1"}""", """{"password":[redacted],"instanceId":"i-1"}""")]
    [InlineData("""{"pass\u0077ord":"hunter2"}""", """{"password":[redacted]}""")]
    [InlineData("""{"data":"{\"apiKey\": \"a\\\"b\",\"n\":1}"}""", """{"data":"{\"apiKey\": [redacted],\"n\":1}"}""")]
    [InlineData("""{"credentials":{"id":"x","value":"y"},"instanceId":"i-1"}""", """{"credentials":[redacted]""")]
    [InlineData("""[{"name":"DB_PASSWORD","value":"hunter2"},{"name":"a","value":"b"}]""", """[{"name":"DB_PASSWORD","value":[redacted]},{"name":"a","value":"b"}]""")]
    [InlineData("Endpoint=sb://ns/;SharedAccessKey=abc=;EntityPath=q", "Endpoint=sb://ns/;SharedAccessKey=[redacted];EntityPath=q")]
    [InlineData("GET /?sig=abc%3D&x=1", "GET /?sig=[redacted]&x=1")]
    [InlineData("<token>abc</token>", "<token>[redacted]</token>")]
    [InlineData("sent with Bearer abc.def by cron", "sent with [redacted] by cron")]
    [InlineData("amqps://root:hunter2@host/q", "amqps[redacted]host/q")]
    [InlineData("id LTAI5tFakeFakeFake00 used", "id [redacted] used")]
    [InlineData("密码：hunter2", "密码：[redacted]")]
    public void A_body_is_shown_on_one_line_without_its_secrets(string body, string expected) => Assert.Equal(expected, Of(body));

    [Fact]
    public void A_long_body_is_cut_and_its_size_is_said()
    {
        var shown = Of(string.Join(' ', Enumerable.Range(0, 20_000)))!;

        Assert.InRange(shown.Length, 480, Excerpt.Longest);
        Assert.StartsWith("0 1 2 3 ", shown, StringComparison.Ordinal);
        Assert.EndsWith("… (of 108,889 bytes)", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void A_body_that_is_no_text_is_described() =>
        Assert.Equal("11 bytes that are not UTF-8 text, beginning 1f8b080000000000", Excerpt.Of([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]));

    [Fact]
    public void Text_in_UTF_16_is_no_way_around() =>
        Assert.Equal("32 bytes that are not UTF-8 text, beginning 7000610073007300", Excerpt.Of(Encoding.Unicode.GetBytes("password=hunter2")));

    [Fact]
    public void A_character_that_the_end_of_the_prefix_parts_is_no_fault() =>
        Assert.All(Enumerable.Range(0, 4), shift =>
            Assert.StartsWith("x", Of("x" + new string('a', shift) + string.Concat(Enumerable.Repeat(" 🧯", 2_000))), StringComparison.Ordinal));

    [Fact]
    public void A_description_is_never_longer_than_Service_Bus_keeps()
    {
        var excerpt = Of(string.Join(' ', Enumerable.Range(0, 20_000)));

        Assert.Equal(4_096, Excerpt.Beside(new string('x', 5_000), excerpt).Length);
        Assert.EndsWith(excerpt!, Excerpt.Beside(new string('x', 5_000), excerpt), StringComparison.Ordinal);
        Assert.Equal("The body was empty.", Excerpt.Beside("The body was empty.", Excerpt.Of([])));
    }

    private static string? Of(string body) => Excerpt.Of(Encoding.UTF8.GetBytes(body));
}
