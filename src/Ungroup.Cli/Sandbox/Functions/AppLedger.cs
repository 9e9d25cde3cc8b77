using Microsoft.Extensions.Configuration;
using Ungroup.Cli.Worker;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>The function app's ledger: a SQLite file, which goes with the run unless --data keeps it, or a table, by default Azurite's.</summary>
internal sealed class AppLedger : IDisposable
{
    private const string Azurite = "UseDevelopmentStorage=true";

    private readonly DirectoryInfo? _temporary;

    public AppLedger(SandboxLedger kind, DataDirectory? data)
    {
        if (kind == SandboxLedger.Table)
        {
            Settings = Table();
            return;
        }

        _temporary = data is null ? Directory.CreateTempSubdirectory("ungroup-sandbox-") : null;

        // The app's process runs in another directory.
        var path = data is null ? Path.Combine(_temporary!.FullName, "ledger.db") : Path.GetFullPath(data.Ledger);
        Settings = new() { ["Ledger__Kind"] = "Sqlite", ["Ledger__Path"] = path };
    }

    public Dictionary<string, string> Settings { get; }

    public static string Describe(SandboxLedger kind, DataDirectory? data) => kind == SandboxLedger.Table
        ? $"the table {Section()["Table"] ?? "ungroup"} of {(Section()["ConnectionString"] is null && Section()["Endpoint"] is null ? "Azurite" : "the account that UNGROUP__Ledger__… names")}"
        : data?.Ledger ?? "a SQLite file that goes with this run";

    public void Dispose() => _temporary?.Delete(recursive: true);

    // The variables that tell `ungroup worker` of its ledger.
    private static IConfigurationSection Section() => WorkerSettings.Read(file: null, []).GetSection("Ledger");

    private static Dictionary<string, string> Table()
    {
        var settings = Section().GetChildren()
            .Where(setting => setting.Value is not null)
            .ToDictionary(setting => $"Ledger__{setting.Key}", setting => setting.Value!);
        settings["Ledger__Kind"] = "Table";
        if (!settings.ContainsKey("Ledger__Endpoint"))
        {
            settings.TryAdd("Ledger__ConnectionString", Azurite);
        }

        return settings;
    }
}
