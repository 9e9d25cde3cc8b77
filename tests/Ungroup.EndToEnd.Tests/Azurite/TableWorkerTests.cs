using System.Text.Json;
using Ungroup.Ledger;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary><c>ungroup worker --ledger table</c>, from the queue to the outcome.</summary>
public sealed class TableWorkerTests(StorageAccount storage)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_removal_is_done_told_once_and_kept_in_the_table()
    {
        var ledger = await storage.NewLedgerAsync();
        await using var cloud = await RunningCloud.StartAsync(World.Sample);
        using var scratch = new Scratch();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Terminal.Patience);
        var terminal = new Terminal();
        await using var outcomes = cloud.Subscribe();
        await cloud.SendAsync(
            [("m-1", """{"requestId":"table/1","instanceId":"i-demo-web-1","securityGroupId":"sg-demo-web","regionId":"cn-hangzhou"}""")], Terminal.Patience);

        var running = terminal.RunAsync(
            stop.Token, "worker", "--bus", cloud.Broker.ConnectionString, "--ecs-endpoint", cloud.Ecs.Address.ToString(), "--queue", "removals",
            "--ledger", "table", "--settings", scratch.File("settings.json", Settings(ledger)));
        await UntilAsync(() => outcomes.Count > 0 || running.IsCompleted);
        await stop.CancelAsync();

        Assert.True(await running == 0, terminal.Error);
        var told = Assert.Single(outcomes.Each());
        Assert.Equal("Removed", told["data"]!["status"]!.GetValue<string>());
        var kept = await new StorageNetwork().Open(ledger).ReadAsync(new("default", "table/1"), Terminal.Patience);
        Assert.Equal(told["id"]!.GetValue<string>(), kept!.Record.Outcome!.Id);
        await StorageAccount.DeleteAsync(ledger);
    }

    private static string Settings(LedgerOptions ledger) => JsonSerializer.Serialize(new
    {
        Ledger = new { ledger.ConnectionString, ledger.Table },
        Accounts = new { @default = new { AccessKeyId = "sandbox-key", AccessKeySecret = "sandbox-secret" } },
    });

    private static async Task UntilAsync(Func<bool> fact)
    {
        using var time = new CancellationTokenSource(LongestWait, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!fact())
        {
            await timer.WaitForNextTickAsync(time.Token);
        }
    }
}
