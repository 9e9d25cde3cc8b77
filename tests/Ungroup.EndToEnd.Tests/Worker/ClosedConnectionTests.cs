using System.Text.Json;
using Ungroup.Messages;

namespace Ungroup.EndToEnd.Tests.Worker;

/// <summary>A pooled connection that ECS closes in good order, through the real worker: what the wire carried is what was written down.</summary>
public sealed class ClosedConnectionTests : IAsyncLifetime
{
    private readonly Bench _bench = new();

    public async ValueTask InitializeAsync() => await _bench.StartBrokerAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_61_A_connection_closed_before_the_effect_is_read_back_and_called_once_more()
    {
        var data = await RemoveAsync("close-before-apply");

        Assert.Equal(("Removed", 2, false), (Text(data, "status"), data.GetProperty("attempts").GetInt32(), data.GetProperty("confirmedByReadBack").GetBoolean()));
        Assert.Equal(2, Leaves());
    }

    [Fact]
    public async Task Fault_62_A_connection_closed_after_the_effect_is_read_back_and_the_removal_is_ours()
    {
        var data = await RemoveAsync("close-after-apply");

        Assert.Equal(("Removed", 1, true), (Text(data, "status"), data.GetProperty("attempts").GetInt32(), data.GetProperty("confirmedByReadBack").GetBoolean()));
        Assert.Equal(1, Leaves());
        Assert.Equal(1, _bench.World.EffectiveLeaves("i-2", "sg-web"));
    }

    private async Task<JsonElement> RemoveAsync(string kind)
    {
        await _bench.StartEcsAsync($$"""{"on":"i-2","action":"LeaveSecurityGroup","kind":"{{kind}}"}""");
        using var worker = await _bench.StartWorkerAsync();

        // The first makes the connection that the second finds in the pool.
        await _bench.SendAsync("removals", Bench.Request(1));
        await Bench.UntilAsync(() => _bench.Settled.Count == 1, "the first was removed");
        await _bench.SendAsync("removals", Bench.Request(2));
        await Bench.UntilAsync(() => EndOf("m-2") is not null, "the second ended");

        await worker.StopAsync(Terminal.Patience);
        return EndOf("m-2")!.Value;
    }

    private JsonElement? EndOf(string messageId) => _bench.Settled
        .Where(settled => settled.Delivery.MessageId == messageId && settled.Settlement is Settlement.Complete)
        .Select(settled => (JsonElement?)JsonElement.Parse(settled.Settlement.Outcome!.Json.Span).GetProperty("data"))
        .FirstOrDefault();

    private int Leaves() => _bench.Calls.Snapshot().Count(call => call.Action == "LeaveSecurityGroup" && call.Parameters.GetValueOrDefault("InstanceId") == "i-2");

    private static string? Text(JsonElement data, string name) => data.GetProperty(name).GetString();
}
