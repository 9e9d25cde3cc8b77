using System.CommandLine;
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

    private Task<int> RunAsync(ParseResult arguments, Shell shell, CancellationToken stop) => LookedAtLedger.AskAsync(
        shell,
        () => _settings.Read(arguments),
        async ledger =>
        {
            var lines = await LinesAsync(new(ledger.Store, shell.Clock), stop);
            if (arguments.GetValue(_json))
            {
                shell.Out.WriteLine(DisplayJson.Escape(JsonSerializer.Serialize(lines, ListJson.Default.ListContainedLine)));
                return ExitCode.Done;
            }

            foreach (var line in lines.Count == 0 ? [DisplayText.Line($"Nothing is contained.")] : lines.Select(Told))
            {
                shell.Out.WriteLine(line);
            }

            return ExitCode.Done;
        });

    private static async Task<List<ContainedLine>> LinesAsync(ResourceRows rows, CancellationToken stop)
    {
        List<ContainedLine> lines = [];
        foreach (var one in (await rows.ContainedAsync(stop)).OrderBy(one => one.Row.ContainedAt))
        {
            var contain = await rows.ContainmentAsync(one.Account, one.Resource, one.Row, stop);
            var isUnderWay = contain is null && one.Row.HeldBy is not null;
            if (contain is not null || isUnderWay)
            {
                var begun = contain?.Snapshot?.IsolationGroup;
                var isPartly = one.Row.IsPartly(begun);
                lines.Add(new(
                    one.Account, one.Resource, one.Row.IsolationGroup(begun), one.Row.ContainedAt, one.Row.ContainedBy!,
                    isUnderWay ? "UnderWay" : one.Row.Broken is not null ? "Broken" : isPartly ? "PartlyContained" : "Contained",
                    one.Row.Broken?.At, one.Row.Broken?.Groups ?? (isPartly ? one.Row.LeftIn : null), one.Row.LookedAt, one.Row.Broken?.Interface));
            }
        }

        return lines;
    }

    private static string Told(ContainedLine line)
    {
        var groups = string.Join(", ", line.Groups ?? []);
        var seen = line.State switch
        {
            "PartlyContained" => $"; left in {groups}",
            "Broken" when line.Interface is { } attached => $"; {attached}, attached since, seen in {groups} at {At(line.BrokenAt)}",
            "Broken" => $"; seen in {groups} at {At(line.BrokenAt)}",
            _ => line.LookedAt is null ? "" : $"; looked at {At(line.LookedAt)}",
        };
        return DisplayText.Line(
            $"{line.Resource} of account {line.Account}: {line.State} in {line.IsolationGroup ?? "its isolation group"} since {At(line.ContainedAt)} by {line.ContainedBy}{seen}.");
    }

    private static string At(DateTimeOffset? instant) => instant is { } known ? Words.At(known) : "an unknown time";
}

/// <summary>One resource that is isolated.</summary>
internal sealed record ContainedLine(
    string Account, string Resource, string? IsolationGroup, DateTimeOffset? ContainedAt, string ContainedBy, string State, DateTimeOffset? BrokenAt,
    IReadOnlyList<string>? Groups, DateTimeOffset? LookedAt, string? Interface = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(List<ContainedLine>))]
internal sealed partial class ListJson : JsonSerializerContext;
