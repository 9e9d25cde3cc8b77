using Microsoft.Extensions.Logging;

namespace Ungroup.Functions.Tests.Support;

/// <summary>Everything that a log is given: sentences, values by name, exceptions.</summary>
internal sealed class SeenLog : ILoggerProvider, ILogger
{
    public List<string> Texts { get; } = [];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var sentence = formatter(state, exception);
        Assert.DoesNotContain('\n', sentence);
        Texts.Add(sentence);
        Texts.Add(exception?.ToString() ?? "");
        Texts.AddRange((state as IEnumerable<KeyValuePair<string, object?>> ?? []).Select(value => value.Value?.ToString() ?? ""));
    }

    public void Dispose()
    {
    }
}
