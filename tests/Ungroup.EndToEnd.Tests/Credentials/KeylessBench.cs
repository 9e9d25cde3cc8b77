using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Ungroup.Cli.Sandbox;
using Ungroup.Cli.Worker;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Credentials;

/// <summary>The product without a broker, over real HTTP to an identity endpoint, an STS and an ECS; every test ends with a look for leaks.</summary>
internal sealed class KeylessBench : IAsyncDisposable
{
    private readonly Collector _collector = new();
    private readonly EcsSimulator _ecs;
    private ServiceProvider? _services;

    private KeylessBench(EcsSimulator ecs)
    {
        _ecs = ecs;
        Settings = new(SandboxAccounts.Keyless(ecs))
        {
            ["Ecs:Endpoint"] = $"{ecs.Address}",
            ["Ecs:QuickTries"] = "1",
            ["Ecs:FirstCircuitPause"] = "00:00:01",
            ["Ledger:Kind"] = "Memory",

            // Many at once are the subject: no quota is to be learned before.
            ["Pace:Quotas:LeaveSecurityGroup"] = "1000000",
        };
    }

    /// <summary>The worker is started with these, at its first delivery.</summary>
    public Dictionary<string, string?> Settings { get; }

    public EcsSimulator Simulator => _ecs;

    public World World => _ecs.World;

    public long StsCalls => _ecs.Requests.CountOf("AssumeRoleWithOIDC") + _ecs.Requests.CountOf("AssumeRole");

    public long Tokens => _ecs.Requests.CountOf("GetIdentityToken");

    public static async Task<KeylessBench> StartAsync(SimulatorOptions? options = null) =>
        new(await EcsSimulator.StartAsync(Worlds.Parse(), options, Terminal.Patience));

    public void Fail(string action, string kind, int times = 1, string more = "") =>
        World.AddFault($$"""{ "kind": "{{kind}}", "action": "{{action}}", "times": {{times}} {{more}} }""");

    /// <summary>How one message ends: the status of its outcome, or why it waits.</summary>
    public async Task<string> RemoveAsync(int number, string group = "sg-web", string account = "default")
    {
        _services ??= Build();
        var instance = account == "default" ? $"i-{number}" : $"i-{account}-{number}";
        var delivery = new Delivery
        {
            MessageId = $"m-{Guid.NewGuid():N}",
            EnqueuedAt = TimeProvider.System.GetUtcNow(),
            Body = Encoding.UTF8.GetBytes(
                $$"""{"requestId":"{{Guid.NewGuid():N}}","account":"{{account}}","instanceId":"{{instance}}","securityGroupId":"{{group}}","regionId":"cn-hangzhou"}"""),
        };
        var settlement = await _services.GetRequiredService<RemovalHandler>().HandleAsync(delivery, Terminal.Patience);
        var end = settlement is Settlement.Postpone postpone ? postpone.Why : settlement.Outcome!.ReadFacts().Status;
        _collector.Lines.Enqueue(end);
        return end;
    }

    public async ValueTask DisposeAsync()
    {
        await _ecs.DisposeAsync();
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        Assert.All(_collector.Lines, line =>
        {
            Assert.DoesNotContain("eyJ", line, StringComparison.Ordinal);
            Assert.DoesNotContain("CAIS", line, StringComparison.Ordinal);
            Assert.DoesNotContain(_ecs.IdentityHeader, line, StringComparison.Ordinal);
        });
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_collector).SetMinimumLevel(LogLevel.Trace));
        services.AddSingleton<IOutcomeBus>(_collector);
        services.AddUngroup(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        return services.BuildServiceProvider();
    }

    /// <summary>Takes every event and every log line.</summary>
    private sealed class Collector : IOutcomeBus, ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
        {
            Lines.Enqueue(Encoding.UTF8.GetString(outcome.Json.Span));
            return Task.CompletedTask;
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
