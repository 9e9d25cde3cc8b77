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

    /// <summary>One round of the sweep, as a host's timer runs it.</summary>
    public Task<SweepReport> SweepAsync() => RunAsync(_services.GetRequiredService<Sweep>().RunAsync(TestContext.Current.CancellationToken));

    public Task<Settlement> HandleAsync(string body = Some.Body, string messageId = "m-1") => HandleAsync(Some.Delivery(body, messageId));

    public Task<Settlement> HandleAsync(Delivery delivery) =>
        RunAsync(_services.GetRequiredService<RemovalHandler>().HandleAsync(delivery, TestContext.Current.CancellationToken));

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private async Task<T> RunAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await work;
    }

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

    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        if (IsAway)
        {
            throw new TimeoutException("The bus is away.");
        }

        lock (Published)
        {
            Published.Add(outcome);
        }

        return Task.CompletedTask;
    }
}
