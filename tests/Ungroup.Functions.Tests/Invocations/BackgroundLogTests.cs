using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ungroup.Functions.Invocations;

namespace Ungroup.Functions.Tests.Invocations;

public sealed class BackgroundLogTests : IDisposable
{
    private readonly StringWriter _output = new();
    private readonly ServiceProvider _services;
    private readonly ILogger _logger;

    public BackgroundLogTests()
    {
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(new BackgroundLog(_output)))
            .BuildServiceProvider();
        _logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Ungroup.Test");
    }

    public void Dispose()
    {
        _services.Dispose();
        _output.Dispose();
    }

    [Fact]
    public void A_line_outside_of_an_invocation_goes_to_the_output()
    {
        Log("The store is away\r\nfor now.", new InvalidOperationException("a\nb"));

        Assert.Equal(@"Warning: Ungroup.Test[7] The store is away\u{d}\u{a}for now. (InvalidOperationException: a\u{a}b)" + Environment.NewLine, _output.ToString());
    }

    [Fact]
    public void A_line_of_an_invocation_is_left_to_the_host()
    {
        using var scope = _logger.BeginScope(new Dictionary<string, object> { [InvocationLogScope.Key] = "i-1" });
        using var inner = _logger.BeginScope("within");

        Log("It belongs to an invocation.");

        Assert.Empty(_output.ToString());
    }

    private void Log(string text, Exception? error = null) => _logger.Log(LogLevel.Warning, 7, text, error, (state, _) => state);
}
