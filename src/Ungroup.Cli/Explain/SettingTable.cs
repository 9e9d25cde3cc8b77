using System.Collections;
using System.Reflection;
using Spectre.Console;
using Ungroup.Ecs;
using Ungroup.Quotas;

namespace Ungroup.Cli.Explain;

/// <summary>Every setting with its value, and its default where that is another.</summary>
internal static class SettingTable
{
    private static readonly string[] Secrets =
    [
        nameof(AccountOptions.AccessKeyId), nameof(AccountOptions.AccessKeySecret), nameof(AccountOptions.SecurityToken), nameof(AccountOptions.ExternalId),
        nameof(Ledger.LedgerOptions.ConnectionString),
    ];

    public static void Print(IAnsiConsole console, EffectiveSettings settings)
    {
        console.Head("Settings in effect");
        var table = new Table().Border(TableBorder.Simple).BorderColor(Color.Grey)
            .AddColumn(new TableColumn("[grey]setting[/]").NoWrap()).AddColumn("[grey]value[/]").AddColumn("[grey]default, where it differs[/]");
        foreach (var (section, options, defaults) in Sections(settings))
        {
            foreach (var property in options.GetType().GetProperties().Where(IsSetting))
            {
                var (value, standard) = (Shown(property, options), Shown(property, defaults));

                // Not as markup: that makes a ram of acs:ram::1, emoji and all.
                table.AddRow(new Text($"{section}:{property.Name}"), new Text(value), new Text(value == standard ? "" : standard));
            }
        }

        console.Write(table);
        console.MarkupLine("[grey]In the environment UNGROUP__Ecs__Endpoint is Ecs:Endpoint. Options win over it, and it wins over --settings.[/]");
    }

    private static IEnumerable<(string Section, object Options, object Defaults)> Sections(EffectiveSettings settings) =>
    [
        ("Worker", settings.Worker, new Worker.WorkerOptions()),
        .. settings.Accounts.Select(account => ($"Accounts:{account.Key}", (object)account.Value, (object)new AccountOptions())),
        ("Ecs", settings.Ecs, new EcsOptions()),
        ("Guardrails", settings.Guardrails, new Guardrails.GuardrailOptions()),
        ("Ledger", settings.Ledger, new Ledger.LedgerOptions()),
        ("Pace", settings.Pace, new PaceOptions()),
    ];

    private static bool IsSetting(PropertyInfo property) =>
        property.CanWrite || property.PropertyType.IsAssignableTo(typeof(IList<string>)) || property.PropertyType.IsAssignableTo(typeof(IDictionary<string, int>));

    private static string Shown(PropertyInfo property, object options) => property.GetValue(options) switch
    {
        null or "" => "none",
        string text when Secrets.Contains(property.Name) => $"set ({text.Length} characters)",
        string bus when property.Name == nameof(Worker.WorkerOptions.Bus) =>
            Amqp.BusAddress.TryParse(bus, out var address, out var problem) ? $"{address}" : problem,
        string uri when property.Name == nameof(AccountOptions.CredentialsUri) => uri.Split('?')[0],
        string text => text,
        IDictionary<string, int> quotas => quotas.Count == 0 ? "none" : string.Join(", ", quotas.Select(quota => $"{quota.Key}={quota.Value}")),
        IEnumerable list => string.Join(", ", list.Cast<object>()) is { Length: > 0 } text ? text : "none",
        var value => value.ToString() ?? "",
    };
}
