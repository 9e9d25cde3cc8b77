using Microsoft.Extensions.Logging;

namespace Ungroup.Display;

/// <summary>Cleans every log entry, sentence and named values, before any provider sees it.</summary>
internal sealed class DisplayLoggerFactory(ILoggerFactory inner) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new DisplayLogger(inner.CreateLogger(categoryName));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();
}

internal sealed class DisplayLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!inner.IsEnabled(logLevel))
        {
            return;
        }

        var shown = exception is null ? null : DisplayException.Of(exception);
        if (LoggedValues.AreClean(state))
        {
            inner.Log(logLevel, eventId, state, shown, formatter);
        }
        else
        {
            inner.Log(logLevel, eventId, new LoggedValues(state, formatter(state, exception)), shown, static (values, _) => values.Sentence);
        }
    }
}
