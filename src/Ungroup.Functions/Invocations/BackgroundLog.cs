using Microsoft.Extensions.Logging;
using Ungroup.Display;

namespace Ungroup.Functions.Invocations;

/// <summary>Writes to standard output what is logged outside of an invocation: the Functions host would drop such a line.</summary>
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

    private void WriteLine(string line) => output.WriteLine(DisplayText.Of(line, DisplayText.LongestSentence));
}
