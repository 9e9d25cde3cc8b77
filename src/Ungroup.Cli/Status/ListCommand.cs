using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Cli.Worker;
using Ungroup.Display;
using Ungroup.Ledger;

namespace Ungroup.Cli.Status;

/// <summary>Lists what the ledger knows of resources rather than of requests.</summary>
internal sealed class ListCommand
{
    private readonly Option<bool> _contained = new("--contained") { Description = "Resources that are still isolated, since when, and by which request", Required = true };
    private readonly Option<bool> _json = new("--json") { Description = "One JSON array, for programs" };
    private readonly SettingOptions _settings = new("--ledger", "--ledger-path");

    private ListCommand()
    {
    }

    public static Command Build(Shell shell)
    {
        var list = new ListCommand();
        var command = new Command("list", "Lists the resources that are still isolated.");
        command.Options.Add(list._contained);
        command.Options.Add(list._json);
        list._settings.AddTo(command);
        command.SetAction((arguments, stop) => list.RunAsync(arguments, shell, stop));
        return command;
    }

    private async Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop)
    {
        try
        {
            await using var ledger = LookedAtLedger.Open(_settings.Read(arguments), shell.Clock);
            var rows = new ResourceRows(ledger.Store, shell.Clock);
            List<ContainedLine> lines = [];
            foreach (var one in (await rows.ContainedAsync(stop)).OrderBy(one => one.Row.ContainedAt))
            {
                var contain = await rows.ContainmentAsync(one.Account, one.Row, stop);
                var isUnderWay = contain is null && one.Row.HeldBy is not null;
                if (contain is not null || isUnderWay)
                {
                    lines.Add(new(
                        one.Account, one.Resource, contain?.Snapshot?.IsolationGroup, one.Row.ContainedAt, one.Row.ContainedBy!,
                        isUnderWay ? "UnderWay" : one.Row.Broken is null ? "Contained" : "Broken", one.Row.Broken?.At, one.Row.Broken?.Groups, one.Row.LookedAt));
                }
            }

            if (arguments.GetValue(_json))
            {
                shell.Out.WriteLine(DisplayJson.Escape(JsonSerializer.Serialize(lines, ListJson.Default.ListContainedLine)));
                return ExitCode.Done;
            }

            foreach (var line in lines.Count == 0 ? [DisplayText.Line($"Nothing is contained.")] : lines.Select(Words))
            {
                shell.Out.WriteLine(line);
            }

            return ExitCode.Done;
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
        catch (LedgerUnavailableException away)
        {
            return shell.Refuse(away.Message);
        }
    }

    private static string Words(ContainedLine line)
    {
        var seen = line.State == "Broken" ? $"; seen in {string.Join(", ", line.Groups!)} at {At(line.BrokenAt)}" : line.LookedAt is null ? "" : $"; looked at {At(line.LookedAt)}";
        return DisplayText.Line(
            $"{line.Resource} of account {line.Account}: {line.State} in {line.IsolationGroup ?? "its isolation group"} since {At(line.ContainedAt)} by {line.ContainedBy}{seen}.");
    }

    private static string At(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "an unknown time";
}

/// <summary>One resource that is isolated.</summary>
internal sealed record ContainedLine(
    string Account, string Resource, string? IsolationGroup, DateTimeOffset? ContainedAt, string ContainedBy, string State, DateTimeOffset? BrokenAt,
    IReadOnlyList<string>? Groups, DateTimeOffset? LookedAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<ContainedLine>))]
internal sealed partial class ListJson : JsonSerializerContext;
