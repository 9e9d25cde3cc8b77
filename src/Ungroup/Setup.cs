using System.Diagnostics.Metrics;
using Azure.Core;
using Azure.Data.Tables;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Display;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Containment;
using Ungroup.Guardrails;
using Ungroup.Holds;
using Ungroup.Intake;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Ledger.Sqlite;
using Ungroup.Ledger.Table;
using Ungroup.Outcomes;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Requests;
using Ungroup.Settings;
using Ungroup.Watch;

namespace Ungroup;

/// <summary>Ungroup in a host.</summary>
public static class Setup
{
    /// <inheritdoc cref="AddUngroup(IServiceCollection, StrictSettings)"/>
    public static IServiceCollection AddUngroup(this IServiceCollection services, IConfiguration configuration) =>
        services.AddUngroup(StrictSettings.Read(configuration, new()));

    /// <summary>
    /// Registers <see cref="RemovalHandler"/>, <see cref="Sweep"/> and what they need, and shares the quotas with other instances while the
    /// host runs. The host brings an <see cref="IOutcomeBus"/>, and a <see cref="TokenCredential"/> where the ledger is an Azure endpoint.
    /// Options are read from the sections Accounts, Ecs, Guardrails, Ledger and Pace, and validated at start.
    /// </summary>
    public static IServiceCollection AddUngroup(this IServiceCollection services, StrictSettings settings)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(settings);
        var configuration = settings.Values;

        services.AddSurroundings(settings);
        services.AddEcs(configuration);
        services.AddGuardrails(configuration);
        services.AddContainment();
        services.AddLedger(configuration);
        services.AddHolds();
        services.AddTelemetry();
        services.AddIntake();
        services.AddHandling();
        return services;
    }

    /// <summary>
    /// Validates all settings and opens the ledger. A host that cannot work should not start: it would burn the deliveries of its messages.
    /// </summary>
    /// <exception cref="OptionsValidationException">A setting is wrong; <see cref="SettingSentences"/> says which.</exception>
    /// <exception cref="LedgerUnavailableException">The ledger cannot be opened.</exception>
    public static void CheckUngroup(this IServiceProvider services)
    {
        services.GetService<IStartupValidator>()?.Validate();
        _ = services.GetRequiredService<RemovalHandler>();
    }

    private static void AddSurroundings(this IServiceCollection services, StrictSettings settings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.Replace(ServiceDescriptor.Singleton<ILoggerFactory>(provider => new DisplayLoggerFactory(ActivatorUtilities.CreateInstance<LoggerFactory>(provider))));
        services.AddOptionsWithValidateOnStart<AllSettings, ValidateSettings>();
        services.AddSingleton(settings);
        services.TryAddSingleton<EnvironmentVariables>(name => settings.Source[name]);
    }

    private static void AddGuardrails(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<GuardrailOptions, ValidateGuardrails>().Bind(configuration.GetSection(GuardrailOptions.Section));
        services.AddOptions<RequestOptions>().Bind(configuration.GetSection(RequestOptions.Section));
        services.AddSingleton<IGuardrail, RestoreNotFromQueue>();
        services.AddSingleton<IGuardrail, ProtectedGroup>();
        services.AddSingleton<IGuardrail, ProtectedResource>();
        services.AddSingleton<IGuardrail, ApprovalNeeded>();
        services.AddSingleton<IGuardrail, ProtectedTag>();
        services.AddSingleton<GuardrailChain>();
    }

    private static void AddContainment(this IServiceCollection services)
    {
        services.AddSingleton<IsolationGroups>();
        services.AddSingleton<ChangeTools>();
        services.AddSingleton<ContainmentProcedure>();
        services.AddSingleton<ContainmentWatch>();
    }

    private static void AddLedger(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptionsWithValidateOnStart<LedgerOptions, ValidateLedgerOptions>().Bind(configuration.GetSection(LedgerOptions.Section));
        services.AddSingleton<IValidateOptions<LedgerOptions>, ValidateLease>();
        services.AddSingleton<IValidateOptions<LedgerOptions>, ValidateTable>();
        services.TryAddSingleton(_ => LedgerOwner.New());
        services.AddSingleton<RemovalLedger>();
        services.AddSingleton<PublishedMarks>();
        services.AddSingleton<SharedTurn>();
        services.AddSingleton<CircuitNote>();
        services.AddSingleton<FleetMembership>();
        services.TryAddSingleton<ILedgerStore>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<LedgerOptions>>().Value;
            var clock = provider.GetRequiredService<TimeProvider>();
            return options.Kind switch
            {
                LedgerKind.Memory => new MemoryLedgerStore(clock),
                LedgerKind.Table => TableOpening.Open(
                    options, provider.GetRequiredService<TokenCredential>, new TableClientOptions(), clock, provider.GetRequiredService<Func<double>>()),
                _ => new SqliteLedgerStore(options.Path, provider.GetRequiredService<LedgerOwner>(), clock, provider.GetRequiredService<ILogger<SqliteLedgerStore>>()),
            };
        });
    }

    private static void AddHolds(this IServiceCollection services)
    {
        services.AddSingleton<HoldRows>();
        services.AddSingleton<HoldWatch>();
        services.AddSingleton<HourAllowances>();
        services.AddSingleton(provider => new HoldDesk(
            provider.GetRequiredService<HoldRows>(), provider.GetRequiredService<ILedgerStore>(), provider.GetRequiredService<KnownAccounts>(),
            provider.GetRequiredService<TimeProvider>()));
    }

    private static void AddTelemetry(this IServiceCollection services)
    {
        services.AddSingleton(provider => new Telemetry(
                provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<QuotaLimiters>(), provider.GetRequiredService<CircuitRegistry>())
            .WithFleet(provider.GetRequiredService<QuotaLimiters>(), provider.GetRequiredService<FleetMembership>()));
        services.AddSingleton(provider => new InForce(
            provider.GetRequiredService<IOptions<LedgerOptions>>(),
            provider.GetRequiredService<IOptions<AccountsOptions>>(),
            provider.GetRequiredService<IOptions<GuardrailOptions>>(),
            provider.GetRequiredService<HoldRows>(),
            provider.GetRequiredService<ILogger<InForce>>()));
    }

    // The desks of jobs need what AddJobs registers, which not every host does.
    private static void AddIntake(this IServiceCollection services)
    {
        services.AddSingleton(provider => Known(provider.GetRequiredService<IOptions<AccountsOptions>>().Value.Accounts));
        services.AddSingleton<RequestReader>();
        services.AddSingleton(provider => new IntakeReader(provider.GetRequiredService<RequestReader>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new StatusReader(provider.GetRequiredService<RemovalLedger>(), provider.GetRequiredService<KnownAccounts>()));
        services.AddSingleton(provider => new StatusWait(provider.GetRequiredService<StatusReader>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Announcements(provider.GetRequiredService<RemovalLedger>()));
        services.AddSingleton(provider => new JobDesk(
            provider.GetRequiredService<JobDoor>(), provider.GetRequiredService<JobDecisions>(), provider.GetRequiredService<JobFollowUps>(),
            provider.GetRequiredService<KnownAccounts>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new JobQuery(provider.GetRequiredService<JobStatusReader>(), provider.GetRequiredService<KnownAccounts>()));
    }

    private static void AddHandling(this IServiceCollection services)
    {
        services.AddSingleton<OutcomePublisher>();
        services.AddSingleton<OutcomeRecorder>();
        services.AddSingleton<AccountShares>();
        services.AddSingleton<DeliveryScopes>();
        services.AddSingleton(provider => new Sweep(
            provider.GetRequiredService<RemovalLedger>(),
            provider.GetRequiredService<SharedTurn>(),
            provider.GetRequiredService<CircuitNote>(),
            provider.GetRequiredService<RemovalHandler>(),
            provider.GetRequiredService<OutcomeRecorder>(),
            provider.GetRequiredService<ILogger<Sweep>>(),
            provider.GetRequiredService<ContainmentWatch>(),
            provider.GetRequiredService<HourAllowances>(),
            provider.GetService<JobSweep>()));
        services.AddSingleton(provider => new ReceiveBudget(
            provider.GetRequiredService<QuotaLimiters>(), provider.GetRequiredService<IOptions<EcsOptions>>()));
        services.AddHostedService<QuotaExchange>();
        services.AddSingleton(provider => new RemovalHandler(
            provider.GetRequiredService<RequestReader>(),
            provider.GetRequiredService<RemovalLedger>(),
            provider.GetRequiredService<GuardrailChain>(),
            provider.GetRequiredService<RemovalProcedure>(),
            provider.GetRequiredService<ContainmentProcedure>(),
            provider.GetRequiredService<OutcomeRecorder>(),
            provider.GetRequiredService<DeliveryScopes>(),
            provider.GetService<JobDoor>()));
    }

    private static KnownAccounts Known(IDictionary<string, AccountOptions> accounts) => new(
        accounts.ToDictionary(account => account.Key, account => account.Value.DefaultRegion),
        accounts.ToDictionary(account => account.Key, account => (IReadOnlyList<string>)[.. account.Value.Regions]),
        accounts.ToDictionary(account => account.Key, account => (IReadOnlyList<string>)[.. account.Value.IsolationGroups]));
}
