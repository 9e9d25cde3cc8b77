using System.Globalization;
using Ungroup.Simulation.Plan;

namespace Ungroup.Simulation;

/// <summary>The settings of the command line.</summary>
internal sealed record Settings(ulong From, int Seeds, int Threads, ulong? Replay, Defect Variant, bool OnlyJobs)
{
    public const string Usage = "[--seeds N] [--from N] [--threads N] [--variant NAME] [--only jobs] | --replay-seed N [--variant NAME]";

    public static Settings? Parse(IReadOnlyList<string> arguments, Func<ulong> chance)
    {
        var given = new Dictionary<string, string>();
        for (var index = 0; index + 1 < arguments.Count; index += 2)
        {
            given[arguments[index]] = arguments[index + 1];
        }

        var variant = Defect.None;
        var isReadable = arguments.Count % 2 == 0
            && given.Keys.All(name => name is "--seeds" or "--from" or "--threads" or "--replay-seed" or "--variant" or "--only")
            && given.All(pair => pair.Key == "--only" ? pair.Value == "jobs" : pair.Key == "--variant" ? Enum.TryParse(pair.Value, out variant) : Number(pair.Value) is not null);
        return isReadable
            ? new(
                Number(given.GetValueOrDefault("--from")) ?? chance(),
                (int)(Number(given.GetValueOrDefault("--seeds")) ?? 1_000),
                (int)(Number(given.GetValueOrDefault("--threads")) ?? (ulong)Environment.ProcessorCount),
                Number(given.GetValueOrDefault("--replay-seed")),
                variant,
                given.ContainsKey("--only"))
            : null;
    }

    private static ulong? Number(string? text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
