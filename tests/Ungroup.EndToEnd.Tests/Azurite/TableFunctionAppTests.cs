namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary><c>sandbox --host functions --ledger table</c>: the function app with the ledger it has in Azure.</summary>
public sealed class TableFunctionAppTests(StorageAccount storage)
{
    [Fact]
    public async Task The_function_app_keeps_its_ledger_in_the_table_that_settings_name()
    {
        var ledger = await storage.NewLedgerAsync();
        using var scratch = new Scratch();
        var requests = scratch.File(
            "requests.jsonl", """{"requestId":"app/1","instanceId":"i-demo-web-1","securityGroupId":"sg-demo-web","regionId":"cn-hangzhou"}""");

        await using var sandbox = CliProcess.Start(
            ["sandbox", "--host", "functions", "--ledger", "table", "--requests", requests, "--port", "0", "--ecs-port", "0", "--http-port", "0"],
            ("UNGROUP__Ledger__ConnectionString", ledger.ConnectionString!), ("UNGROUP__Ledger__Table", ledger.Table));

        Assert.True(await sandbox.EndAsync(Terminal.Patience) == 0, sandbox.Output);
        Assert.Contains($"ledger  the table {ledger.Table} of ", sandbox.Output, StringComparison.Ordinal);
        var kept = await new StorageNetwork().Open(ledger).ReadAsync(new("default", "app/1"), Terminal.Patience);
        Assert.NotNull(kept?.Record.Outcome);
        await StorageAccount.DeleteAsync(ledger);
    }
}
