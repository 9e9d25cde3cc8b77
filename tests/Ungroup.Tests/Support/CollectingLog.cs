using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ungroup.Tests.Support;

/// <summary>A log that keeps its lines.</summary>
internal sealed class CollectingLog<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = new();

    /// <summary>Lines of less are not kept.</summary>
    public LogLevel Least { get; init; }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= Least;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Enqueue(formatter(state, exception) + exception);
}
