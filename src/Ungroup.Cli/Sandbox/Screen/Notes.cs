using Microsoft.Extensions.Logging;

namespace Ungroup.Cli.Sandbox.Screen;

/// <summary>Shows the worker's warnings among everything else the sandbox says.</summary>
internal sealed class Notes(Action<string> write) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            write(exception is null ? formatter(state, exception) : $"{formatter(state, exception)} ({exception.Message})");
        }
    }

    public void Dispose()
    {
    }
}
