using System.Text;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Guardrails;

public sealed class RestoreNotFromQueueTests
{
    private const string Restore = """{"requestId":"r-2","action":"restore","of":"r-1"}""";

    private static readonly (string, string) Switch = ("Requests:RestoreFromQueue", "false");

    [Fact]
    public async Task A_restore_that_came_by_the_queue_is_refused()
    {
        await using var bench = new HandlerBench(settings: Switch);

        Assert.Equal(("Refused", "RestoreNotFromQueue"), await EndAsync(bench, Some.Delivery(Restore)));
    }

    [Theory]
    [InlineData("door", "restores")]
    [InlineData("ungroup-message-id", "r-2")]
    public async Task No_property_makes_it_come_by_another_door(string name, string value)
    {
        await using var bench = new HandlerBench(settings: Switch);

        Assert.Equal("RestoreNotFromQueue", (await EndAsync(bench, Some.Delivery(Restore) with { Properties = new Dictionary<string, object?> { [name] = value } })).Code);
    }

    [Fact]
    public async Task A_restore_that_the_door_has_written_down_is_taken_up()
    {
        await using var bench = new HandlerBench(settings: Switch);
        await bench.Ledger.AnnounceAsync(Request(Restore), RequestDoor.Restores, "r-2", TestContext.Current.CancellationToken);

        Assert.Equal(("Refused", "NothingToRestore"), await EndAsync(bench, Some.Delivery(Restore)));
    }

    [Theory]
    [InlineData("""{"requestId":"r-2","action":"restore","of":"r-3"}""")]
    [InlineData("""{"requestId":"r-2","action":"restore","of":"r-1","force":true}""")]
    public async Task Another_restore_under_the_same_key_is_no_use_of_what_the_door_wrote(string forged)
    {
        await using var bench = new HandlerBench(settings: Switch);
        await bench.Ledger.AnnounceAsync(Request(Restore), RequestDoor.Restores, "r-2", TestContext.Current.CancellationToken);

        Assert.Equal(("Rejected", "IdempotencyConflict"), await EndAsync(bench, Some.Delivery(forged)));
    }

    [Fact]
    public async Task A_restore_that_the_queue_brought_first_stays_what_it_is()
    {
        await using var bench = new HandlerBench(settings: Switch);
        await EndAsync(bench, Some.Delivery(Restore));
        await bench.Ledger.AnnounceAsync(Request(Restore), RequestDoor.Restores, "r-2", TestContext.Current.CancellationToken);

        Assert.Equal("RestoreNotFromQueue", (await EndAsync(bench, Some.Delivery(Restore))).Code);
    }

    [Fact]
    public async Task By_default_the_queue_may_bring_a_restore()
    {
        await using var bench = new HandlerBench();

        Assert.Equal("NothingToRestore", (await EndAsync(bench, Some.Delivery(Restore))).Code);
    }

    [Fact]
    public async Task What_the_door_wrote_down_and_never_sent_ends_at_its_deadline_without_a_call()
    {
        await using var bench = new HandlerBench(settings: Switch);
        await bench.Ledger.AnnounceAsync(Request(Restore), RequestDoor.Restores, "r-2", TestContext.Current.CancellationToken);
        bench.Clock.Advance(TimeSpan.FromHours(25));

        await bench.SweepAsync();

        Assert.Equal("Failed", Assert.Single(bench.Bus.Published).ReadFacts().Status);
        Assert.Empty(bench.Ecs.Calls);
    }

    private static async Task<(string Status, string? Code)> EndAsync(HandlerBench bench, Delivery delivery)
    {
        var settlement = await bench.HandleAsync(delivery);
        for (var deliveries = 1; settlement is Settlement.Postpone && deliveries < 10; deliveries++)
        {
            bench.Clock.Advance(TimeSpan.FromMinutes(1));
            settlement = await bench.HandleAsync(delivery);
        }

        var told = Assert.IsType<OutcomeEvent>(settlement.Outcome).ReadFacts();
        return (told.Status, told.Code);
    }

    private static RemovalRequest Request(string body) =>
        Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(Encoding.UTF8.GetBytes(body)), RequestDoor.Restores)).Request;
}
