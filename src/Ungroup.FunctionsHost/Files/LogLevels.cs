using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;

namespace Ungroup.FunctionsHost.Files;

/// <summary>host.json's logging.logLevel: the longest category that a logger's name begins with decides.</summary>
internal sealed class LogLevels(IReadOnlyDictionary<string, LogLevel> levels)
{
    private const string Otherwise = "default";

    public static LogLevels Of(JsonObject section) => new(section.ToDictionary(
        level => level.Key,
        level => Enum.TryParse<LogLevel>(level.Value?.ToString(), ignoreCase: true, out var parsed)
            ? parsed
            : throw new FormatException($"logging.logLevel.{level.Key} is {level.Value?.ToJsonString() ?? "null"}; expected a level such as Warning.")));

    public bool LetThrough(string category, LogLevel level) => level >= LevelOf(category);

    private LogLevel LevelOf(string category)
    {
        var nearest = levels.Keys
            .Where(name => category.StartsWith(name, StringComparison.Ordinal) && (category.Length == name.Length || category[name.Length] == '.'))
            .MaxBy(name => name.Length);
        return levels.GetValueOrDefault(nearest ?? Otherwise, LogLevel.Information);
    }
}
