using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Ecs;

namespace Ungroup.Tests.Support;

/// <summary>The product as a host registers it, with a clock, a wire and a bus in the test's hands.</summary>
internal sealed class HandlerBench : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public HandlerBench(ILedgerStore? store = null, params (string Key, string Value)[] settings)
        : this(new FakeTimeProvider(Some.Now), store, settings)
    {
    }

    /// <summary>One worker of several, where they share the store and, unless theirs is off, the clock.</summary>
    public HandlerBench(FakeTimeProvider clock, ILedgerStore? store, params (string Key, string Value)[] settings)
        : this(clock, store, environment: null, settings)
    {
    }

    public HandlerBench(
        FakeTimeProvider clock, ILedgerStore? store, EnvironmentVariables? environment, params (string Key, string Value)[] settings)
        : this(clock, store, environment, ecs: null, settings)
    {
    }

    /// <param name="clock">Moved by the test.</param>
    /// <param name="store">The ledger's; null for one of its own.</param>
    /// <param name="environment">Null for none.</param>
    /// <param name="ecs">In place of <see cref="Ecs"/>.</param>
    /// <param name="settings">Beside those of every bench.</param>
    public HandlerBench(
        FakeTimeProvider clock, ILedgerStore? store, EnvironmentVariables? environment, HttpMessageHandler? ecs, params (string Key, string Value)[] settings)
    {
        Clock = clock;
        Ecs = new(Clock);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Log))
            .AddSingleton<TimeProvider>(Clock)
            .AddSingleton<Func<double>>(() => 0.5)
            .AddSingleton<IOutcomeBus>(Bus)
            .AddKeyedSingleton(EcsSetup.Handler, ecs ?? Ecs);
        if (store is not null)
        {
            services.AddSingleton(store);
        }

        if (environment is not null)
        {
            services.AddSingleton(environment);
        }

        _services = services.AddUngroup(Configuration(settings)).BuildServiceProvider();
    }

    public FakeTimeProvider Clock { get; }

    public LogLines Log { get; } = new();

    public ScriptedEcs Ecs { get; }

    public RecordingBus Bus { get; } = new();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public CircuitRegistry Circuits => _services.GetRequiredService<CircuitRegistry>();

    public QuotaLimiters Quotas => _services.GetRequiredService<QuotaLimiters>();

    public FleetMembership Membership => _services.GetRequiredService<FleetMembership>();

    public RemovalLedger Ledger => _services.GetRequiredService<RemovalLedger>();

    public Sweep Sweep => _services.GetRequiredService<Sweep>();

    /// <summary>One round of the sweep, as a host's timer runs it.</summary>
    public Task<SweepReport> SweepAsync() => RunAsync(Sweep.RunAsync(TestContext.Current.CancellationToken));

    public Task<Settlement> HandleAsync(string body = Some.Body, string messageId = "m-1") => HandleAsync(Some.Delivery(body, messageId));

    public Task<Settlement> HandleAsync(Delivery delivery) => RunAsync(Begin(delivery, TestContext.Current.CancellationToken));

    /// <summary>A delivery that is left alone, or waits for what the test does next.</summary>
    public Task<Settlement> BeginAlone(Delivery delivery) => Begin(delivery, CancellationToken.None);

    public Task<Settlement> Begin(Delivery delivery, CancellationToken lost) =>
        _services.GetRequiredService<RemovalHandler>().HandleAsync(delivery, lost);

    /// <summary>Moves the clock until the work is done.</summary>
    public async Task<T> RunAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await work;
    }

    /// <summary>Lets what has begun go on, without any time passing, until something is so.</summary>
    public static async Task UntilAsync(Func<bool> isSo)
    {
        for (var turns = 0; !isSo(); turns++)
        {
            Assert.True(turns < 1_000_000, "It has not become so.");
            await Task.Yield();
        }
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

    public int Refused { get; private set; }

    /// <summary>The process stops here for good: before the bus has the event, or after.</summary>
    public bool HangsBefore { get; set; }

    public bool HangsAfter { get; set; }

    /// <summary>Events it never takes, for reasons that it does not tell.</summary>
    public Func<OutcomeEvent, bool> NeverTakes { get; set; } = _ => false;

    /// <summary>The most bytes it takes.</summary>
    public int Largest { get; set; } = int.MaxValue;

    /// <summary>An event that is not shortened is too large for it.</summary>
    public bool TakesShortOnesOnly { get; set; }

    public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        if (HangsBefore)
        {
            return new TaskCompletionSource().Task;
        }

        if (IsAway || NeverTakes(outcome))
        {
            Refused++;
            throw new TimeoutException("The bus is away.");
        }

        if (outcome.Json.Length > Largest || (TakesShortOnesOnly && outcome.Json.Span.IndexOf("\"truncated\":true"u8) < 0))
        {
            throw new OutcomeTooLargeException($"The bus takes {Largest} bytes.");
        }

        lock (Published)
        {
            Published.Add(outcome);
        }

        return HangsAfter ? new TaskCompletionSource().Task : Task.CompletedTask;
    }
}
