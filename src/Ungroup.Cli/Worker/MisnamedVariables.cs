using Ungroup.Display;

namespace Ungroup.Cli.Worker;

/// <summary>Variables that were meant as settings and would never be read: with a prefix other than <c>UNGROUP__</c>, or with none.</summary>
internal static class MisnamedVariables
{
    private const string Stem = "UNGROUP";

    public static IEnumerable<string> In(IEnumerable<string> variables, IReadOnlyList<string> sections) =>
        from variable in variables
        where !variable.StartsWith(WorkerSettings.Prefix, StringComparison.OrdinalIgnoreCase) && !variable.StartsWith(Stem + ":", StringComparison.OrdinalIgnoreCase)
        where BelongsToUs(variable, sections)
        select $"{DisplayText.Of(variable)} is never read: in the environment the name of a setting begins with {WorkerSettings.Prefix}, such as {WorkerSettings.Prefix}{Example(variable)}.";

    private static bool BelongsToUs(string variable, IReadOnlyList<string> sections) => variable.StartsWith(Stem, StringComparison.OrdinalIgnoreCase)
        ? sections.Any(section => Rest(variable).StartsWith(section, StringComparison.OrdinalIgnoreCase))
        : sections.Any(section => variable.StartsWith($"{section}__", StringComparison.Ordinal));

    private static string Rest(string variable) => variable[Stem.Length..].TrimStart('_', '-', '.');

    private static string Example(string variable) => DisplayText.Of(
        variable.StartsWith(Stem, StringComparison.OrdinalIgnoreCase) ? Rest(variable) : variable);
}
