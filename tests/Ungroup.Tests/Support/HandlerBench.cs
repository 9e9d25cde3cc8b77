using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs;
using Ungroup.Ledger;
using Ungroup.Outcomes;
using Ungroup.Tests.Ecs;

namespace Ungroup.Tests.Support;

/// <summary>The product as a host registers it, with a clock, a wire and a bus in the test's hands.</summary>
internal sealed class HandlerBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public HandlerBench(ILedgerStore? store = null, params (string Key, string Value)[] settings)
    {
        Ecs = new(Clock);
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<Func<double>>(() => 0.5)
            .AddSingleton<IOutcomeBus>(Bus)
            .AddKeyedSingleton<HttpMessageHandler>(EcsSetup.Handler, Ecs);
        if (store is not null)
        {
            services.AddSingleton(store);
        }

        _services = services.AddUngroup(Configuration(settings)).BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public ScriptedEcs Ecs { get; }

    public RecordingBus Bus { get; } = new();

    public RemovalLedger Ledger => _services.GetRequiredService<RemovalLedger>();

    public Sweep Sweep => _services.GetRequiredService<Sweep>();

    public Task<Settlement> HandleAsync(string body = Some.Body, string messageId = "m-1") => HandleAsync(Some.Delivery(body, messageId));

    public async Task<Settlement> HandleAsync(Delivery delivery)
    {
        var handling = _services.GetRequiredService<RemovalHandler>().HandleAsync(delivery, TestContext.Current.CancellationToken);
        while (!handling.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await handling;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static IConfiguration Configuration((string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ledger:Kind"] = "Memory",
            ["Accounts:default:Credentials"] = "Static",
            ["Accounts:default:AccessKeyId"] = "key",
            ["Accounts:default:AccessKeySecret"] = "secret",
        })
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}

/// <summary>A bus that keeps what it took, and can be away.</summary>
internal sealed class RecordingBus : IOutcomeBus
{
    public List<OutcomeEvent> Published { get; } = [];

    public bool IsAway { get; set; }

    /// <summary>The most bytes it takes.</summary>
    public int Largest { get; set; } = int.MaxValue;

    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new TimeoutException("The bus is away.");
        }

        if (outcome.Json.Length > Largest)
        {
            throw new OutcomeTooLargeException($"The bus takes {Largest} bytes.");
        }

        lock (Published)
        {
            Published.Add(outcome);
        }

        return Task.CompletedTask;
    }
}
