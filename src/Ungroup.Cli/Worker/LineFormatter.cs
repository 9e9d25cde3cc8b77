using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Ungroup.Cli.Worker;

/// <summary>One line per entry: time, level, event id, sentence. A defect's stack trace follows.</summary>
internal sealed class LineFormatter(TimeProvider clock) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "ungroup";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var sentence = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write($"{time} {Short(logEntry.LogLevel)} {logEntry.EventId.Id} {sentence.ReplaceLineEndings(" ")}");
        textWriter.WriteLine(logEntry switch
        {
            { Exception: null } => "",
            { LogLevel: >= LogLevel.Error } => Environment.NewLine + Indented(logEntry.Exception),
            _ => $" ({Causes(logEntry.Exception).ReplaceLineEndings(" ")})",
        });
    }

    // No line of it can be taken for an entry.
    private static string Indented(Exception exception) => $"  {exception.ToString().ReplaceLineEndings("\n  ")}".ReplaceLineEndings();

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Critical or LogLevel.Error => "fail",
        LogLevel.Warning => "warn",
        LogLevel.Information => "info",
        _ => "debug",
    };

    private static string Causes(Exception exception) =>
        exception.InnerException is { } inner ? $"{exception.Message} {Causes(inner)}" : exception.Message;
}
