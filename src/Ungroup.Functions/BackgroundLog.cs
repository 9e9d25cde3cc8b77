using Microsoft.Extensions.Logging;

namespace Ungroup.Functions;

/// <summary>
/// Writes what is logged outside of an invocation, such as what is learned from other instances, to standard output. The
/// Functions host shows that; a line that belongs to no invocation it would drop.
/// </summary>
[ProviderAlias("Background")]
internal sealed class BackgroundLog(TextWriter output) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose()
    {
    }

    private bool IsInvocation()
    {
        var found = new Found();
        _scopes.ForEachScope(
            static (scope, found) => found.Invocation |=
                scope is IEnumerable<KeyValuePair<string, object>> pairs && pairs.Any(pair => pair.Key == InvocationLogScope.Key),
            found);
        return found.Invocation;
    }

    private sealed class Found
    {
        public bool Invocation { get; set; }
    }

    private sealed class Category(BackgroundLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!log.IsInvocation())
            {
                var line = $"{logLevel}: {name}[{eventId.Id}] {formatter(state, exception)}";
                log.WriteLine(exception is null ? line : $"{line} ({exception.GetType().Name}: {exception.Message})");
            }
        }
    }

    // One line, whatever is in it: a line of its own would look like one of ours.
    private void WriteLine(string line) => output.WriteLine(line.ReplaceLineEndings(" "));
}
