using System.Text;
using Ungroup.Messages;

namespace Ungroup.Tests.Faults;

public sealed class InputFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    public static TheoryData<string> Unreadable =>
    [
        "this is not JSON",
        """{"instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","dryrun":true}""",
        new string(' ', 1_000_000),
        string.Concat(Enumerable.Repeat("[", 10_000)),
        """{"requestId":"r-1","requestId":"r-2","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""",
    ];

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task Fault_25_What_cannot_be_read_is_dead_lettered_on_its_first_delivery(string body) => await IsRejected(body);

    [Theory]
    [InlineData("""{"instanceId":"i-bp1web1","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""")]
    [InlineData("""{"securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""")]
    [InlineData("""{"networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web"}""")]
    public async Task Fault_26_Both_resources_none_or_an_interface_without_a_region_is_rejected_before_any_call(string body) => await IsRejected(body);

    private async Task IsRejected(string body)
    {
        var letter = Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync(body));

        Assert.Equal("InvalidRequest", letter.Reason);
        Assert.InRange(Encoding.UTF8.GetByteCount(letter.Description), 20, 4_096);
        Assert.Equal(("Rejected", "InvalidRequest"), FaultBench.EndOf(letter));
        Assert.Single(_bench.One.Bus.Published);
        Assert.Empty(_bench.One.Ecs.Calls);
    }
}
