using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Sandbox.Functions;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class AppLedgerTests
{
    [Fact]
    public void The_ledger_is_in_the_directory_that_was_named_wherever_the_app_runs()
    {
        var kept = Directory.CreateTempSubdirectory("ungroup-test-");
        try
        {
            using var data = DataDirectory.Open(Path.GetRelativePath(Environment.CurrentDirectory, kept.FullName));
            using var ledger = new AppLedger(SandboxLedger.Sqlite, data);

            Assert.Equal(Path.Combine(kept.FullName, "ledger.db"), ledger.Settings["Ledger__Path"]);
        }
        finally
        {
            kept.Delete(recursive: true);
        }
    }
}
