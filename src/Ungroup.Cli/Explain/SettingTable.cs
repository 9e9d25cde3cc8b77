using System.Collections;
using System.Reflection;
using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Quotas;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Explain;

/// <summary>Each setting with its value, and its default where that is another.</summary>
internal static class SettingTable
{
    private static readonly string[] Secrets =
    [
        nameof(AccountOptions.AccessKeyId), nameof(AccountOptions.AccessKeySecret), nameof(AccountOptions.SecurityToken), nameof(AccountOptions.ExternalId),
        nameof(Ledger.LedgerOptions.ConnectionString),
    ];

    public static void Print(IAnsiConsole console, EffectiveSettings settings, bool all)
    {
        var rows = Rows(settings).Where(row => all || row.Value != row.Standard).ToList();
        if (rows.Count == 0)
        {
            console.WriteLine("All as by default.");
        }
        else
        {
            console.Rows(
                ["setting", "value", "default, where it differs"],
                rows.Select(row => (Cell[])[new(row.Name), new(row.Value, "bold"), new(row.Value == row.Standard ? "" : row.Standard, "grey")]));
        }

        console.MarkupLine("[grey]In the environment UNGROUP__Ecs__Endpoint is Ecs:Endpoint. Options win over it, and it wins over --settings.[/]");
    }

    private static IEnumerable<(string Name, string Value, string Standard)> Rows(EffectiveSettings settings) =>
        from section in Sections(settings)
        from property in section.Options.GetType().GetProperties().Where(IsSetting)
        select ($"{section.Section}:{property.Name}", Text(property, section.Options), Text(property, section.Defaults));

    private static IEnumerable<(string Section, object Options, object Defaults)> Sections(EffectiveSettings settings) =>
    [
        ("Worker", settings.Worker, new Worker.WorkerOptions()),
        .. settings.Accounts.Select(account => ($"Accounts:{account.Key}", (object)account.Value, (object)new AccountOptions())),
        ("Ecs", settings.Ecs, new EcsOptions()),
        ("Guardrails", settings.Guardrails, new Guardrails.GuardrailOptions()),
        ("Ledger", settings.Ledger, new Ledger.LedgerOptions()),
        ("Pace", settings.Pace, new PaceOptions()),
        ("Requests", settings.Requests, new Guardrails.RequestOptions()),
    ];

    private static bool IsSetting(PropertyInfo property) =>
        property.CanWrite || property.PropertyType.IsAssignableTo(typeof(IList<string>)) || property.PropertyType.IsAssignableTo(typeof(IDictionary<string, int>));

    private static string Text(PropertyInfo property, object options) => property.GetValue(options) switch
    {
        null or "" => "none",
        string text when Secrets.Contains(property.Name) => $"set ({text.Length} characters)",
        string bus when property.Name == nameof(Worker.WorkerOptions.Bus) =>
            BusAddress.TryParse(bus, out var address, out var problem) ? $"{address}" : problem,
        string uri when property.Name == nameof(AccountOptions.CredentialsUri) => uri.Split('?')[0],
        string text => text,
        IDictionary<string, int> quotas => quotas.Count == 0 ? "none" : string.Join(", ", quotas.Select(quota => $"{quota.Key}={quota.Value}")),
        IEnumerable list => string.Join(", ", list.Cast<object>()) is { Length: > 0 } text ? text : "none",
        var value => value.ToString() ?? "",
    };
}
