using System.Text;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Cli.Sandbox.Functions;
using Ungroup.Cli.Sandbox.Lines;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class TwinOrderTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<RequestLine> _lines = [.. RequestLine.Split(Encoding.UTF8.GetBytes(string.Join('\n', Request("r-1"), Request("r-2"), Request("r-1"))))];

    [Fact]
    public async Task A_line_begins_when_the_one_with_its_key_before_it_has_ended()
    {
        var order = new TwinOrder(_lines, _clock);
        var (first, other, twin) = (order.TurnOfAsync(_lines[0].MessageId), order.TurnOfAsync(_lines[1].MessageId), order.TurnOfAsync(_lines[2].MessageId));
        Assert.True(first.IsCompletedSuccessfully);
        Assert.True(other.IsCompletedSuccessfully);

        order.HasEnded(_lines[1].MessageId);
        Assert.False(twin.IsCompleted);

        order.HasEnded(_lines[0].MessageId);
        await twin;
    }

    [Fact]
    public void Lines_with_a_time_have_twins_too()
    {
        var timed = Request("r-1").Replace("{", """{"expiresAt":"2026-12-01T06:00:00Z",""", StringComparison.Ordinal);
        var lines = RequestLine.Split(Encoding.UTF8.GetBytes($"{timed}\n{timed}")).ToList();

        Assert.False(new TwinOrder(lines, _clock).TurnOfAsync(lines[1].MessageId).IsCompleted);
    }

    [Fact]
    public async Task A_line_does_not_hold_its_place_for_one_that_was_put_off_for_long()
    {
        var twin = new TwinOrder(_lines, _clock).TurnOfAsync(_lines[2].MessageId);

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(twin.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));
        await twin;
    }

    private static string Request(string id) =>
        $$"""{"requestId":"{{id}}","instanceId":"i-bp1web00000000000001","securityGroupId":"sg-bp1web00000000000001","regionId":"cn-hangzhou","origin":"upstream","requestedBy":"tests","reason":"twins"}""";
}
