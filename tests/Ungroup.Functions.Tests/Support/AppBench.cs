using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs.Changes;
using Ungroup.Functions.Invocations;
using Ungroup.Functions.Setup;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;

namespace Ungroup.Functions.Tests.Support;

/// <summary>The app's own services, with a clock, a bus and, where a test wants that, a ledger in the test's hands.</summary>
internal sealed class AppBench : IAsyncDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ServiceProvider _services;

    public AppBench(ILedgerStore? store = null, string? topic = null, ILoggerProvider? log = null, KeyValuePair<string, string?> settings = default, HttpMessageHandler? ecs = null)
    {
        Bus = new(Calls);
        var configuration = new ConfigurationBuilder()
            .AddConfiguration(Configuration())
            .AddInMemoryCollection([new("Outcomes:Topic", topic), settings.Key is null ? new("Requests", null) : settings])
            .Build();
        var services = new ServiceCollection()
            .AddLogging(logging => _ = log is null ? logging : logging.AddProvider(log))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<IConfiguration>(configuration)
            .AddUngroup(configuration)
            .AddJobs()
            .AddServiceBus(configuration)
            .AddDoors(configuration)
            .AddDrain()
            .AddSingleton<Func<Azure.Messaging.ServiceBus.ServiceBusClient>>(() => Bus);
        if (store is not null)
        {
            services.AddSingleton(store);
        }

        if (ecs is not null)
        {
            services.AddKeyedSingleton(EcsSetup.Handler, ecs);
        }

        _services = services.BuildServiceProvider();
    }

    public List<string> Calls { get; } = [];

    public FakeTimeProvider Clock { get; } = new(Now);

    public RecordingServiceBus Bus { get; }

    public ILedgerStore Store => _services.GetRequiredService<ILedgerStore>();

    public Drain Drain => _services.GetRequiredService<Drain>();

    /// <summary>A function, as the worker makes one.</summary>
    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    /// <summary>Moves the clock until the work is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> work)
    {
        await RunAsync((Task)work);
        return await work;
    }

    public async Task RunAsync(Task work)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await work;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await Bus.DisposeAsync();
    }

    public static IConfiguration Configuration() => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ledger:Kind"] = "Memory",
            ["Accounts:default:Credentials"] = "Static",
            ["Accounts:default:AccessKeyId"] = "key",
            ["Accounts:default:AccessKeySecret"] = "secret",
            ["Accounts:beijing:DefaultRegion"] = "cn-beijing",
            ["Accounts:beijing:Credentials"] = "Static",
            ["Accounts:beijing:AccessKeyId"] = "key",
            ["Accounts:beijing:AccessKeySecret"] = "secret",
        })
        .Build();
}
