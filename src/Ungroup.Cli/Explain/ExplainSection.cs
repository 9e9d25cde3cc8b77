using Microsoft.Extensions.Configuration;
using Spectre.Console;
using Ungroup.Circuits;
using Ungroup.Ledger;
using Ungroup.Quotas.Fleet;

namespace Ungroup.Cli.Explain;

/// <summary>One part of the explanation. Unless <paramref name="IsUsual"/>, it is printed only when it is asked for by name.</summary>
internal sealed record ExplainSection(string Name, string Title, bool IsUsual, Func<Explained, CancellationToken, Task> PrintAsync)
{
    public static IReadOnlyList<ExplainSection> All { get; } =
    [
        new("closed", "Closed now", IsUsual: true, (explained, stop) =>
            ToldByTheLedger.PrintAsync(explained.Shell, explained.Configuration, DescribeClosedAsync, stop)),
        new("quotas", "What is known of the quotas", IsUsual: true, (explained, stop) => ToldByTheLedger.PrintAsync(
            explained.Shell, explained.Configuration, (store, asked) => LearnedQuotas.DescribeAsync(store, explained.Settings.Pace.Reserve, asked), stop)),
        new("settings", "Settings in effect", IsUsual: true, Printed(explained => SettingTable.Print(explained.Console, explained.Settings, explained.IsWhole))),
        new("steps", "What happens to a message", IsUsual: false, Printed(explained => Steps.Print(explained.Console, explained.Settings))),
        new("waits", "When it is tried again", IsUsual: false, Printed(explained => RetryTimes.Print(explained.Console, explained.Settings.Ecs, explained.Settings.Pace))),
        new("codes", "What each no of ECS and STS means", IsUsual: false, Printed(explained => FaultTable.Print(explained.Console))),
    ];

    private static async Task<IReadOnlyList<string>> DescribeClosedAsync(ILedgerStore store, CancellationToken stop) =>
        [.. await CircuitNote.DescribeAsync(store, stop), .. await LearnedQuotas.DescribeClosedAsync(store, stop)];

    private static Func<Explained, CancellationToken, Task> Printed(Action<Explained> print) => (explained, _) =>
    {
        print(explained);
        return Task.CompletedTask;
    };
}

/// <summary>The settings to explain: all of them if <paramref name="IsWhole"/>, or only what is out of the ordinary.</summary>
internal sealed record Explained(Shell Shell, IConfiguration Configuration, EffectiveSettings Settings, bool IsWhole)
{
    public IAnsiConsole Console => Shell.Console;
}
