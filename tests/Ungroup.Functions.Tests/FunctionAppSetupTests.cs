using System.Reflection;
using Azure.Messaging.ServiceBus;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Ungroup.Functions.Http.Holds;
using Ungroup.Functions.Http.Jobs;
using Ungroup.Functions.Http.Requests;
using Ungroup.Functions.Invocations;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;
using Ungroup.Quotas.Fleet;
using Ungroup.Settings;

namespace Ungroup.Functions.Tests;

public sealed class FunctionAppSetupTests
{
    private const string Bus = "Endpoint=sb://127.0.0.1;SharedAccessKeyName=name;SharedAccessKey=key;UseDevelopmentEmulator=true;";

    public static TheoryData<Type> Functions => [.. typeof(Drain).Assembly.GetTypes()
        .Where(type => type.GetMethods().Any(method => method.IsDefined(typeof(FunctionAttribute))))];

    [Fact]
    public void There_are_these_functions() => Assert.Equal(
        ["ApproveJob", "CancelJob", "DriveJobs", "GetHolds", "GetJob", "GetJobResults", "GetJobs", "GetRemoval", "LiftHold", "PublishPending", "PutHold",
            "RemoveFromSecurityGroup", "RemoveFromSecurityGroupIncident", "RequestRemoval", "RequestRestore", "RestoreJob", "RetryJob", "SubmitJob"],
        Functions.Select(function => function.Data.Name).Order());

    [Theory]
    [MemberData(nameof(Functions))]
    public void Every_function_can_be_made_from_what_the_app_registers(Type function)
    {
        using var app = Build(("ServiceBus", Bus));

        app.Services.GetRequiredService<IStartupValidator>().Validate();
        Assert.NotNull(app.Services.GetRequiredService<ILedgerStore>());
        Assert.NotNull(ActivatorUtilities.CreateInstance(app.Services, function));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void No_function_is_open_to_everybody_and_no_message_is_settled_by_itself(Type function)
    {
        foreach (var trigger in function.GetMethods().SelectMany(method => method.GetParameters()).SelectMany(parameter => parameter.GetCustomAttributes()))
        {
            Assert.True(trigger is not HttpTriggerAttribute http || http.AuthLevel == AuthorizationLevel.Function);
            Assert.True(trigger is not ServiceBusTriggerAttribute queue || (!queue.AutoCompleteMessages && queue.Connection == "ServiceBus"));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("11111111-1111-1111-1111-111111111111")]
    public void A_bus_that_is_named_by_its_host_is_reached_as_the_apps_identity(string? clientId)
    {
        using var app = Build(("ServiceBus:fullyQualifiedNamespace", "ungroup.servicebus.windows.net"), ("ServiceBus:clientId", clientId));

        Assert.Equal("ungroup.servicebus.windows.net", app.Services.GetRequiredService<ServiceBusClient>().FullyQualifiedNamespace);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("", "")]
    public void An_app_without_a_bus_says_which_setting_is_missing(string? host, string? connectionString)
    {
        using var app = Build(("ServiceBus:fullyQualifiedNamespace", host), ("ServiceBus", connectionString));

        var bad = Assert.Throws<OptionsValidationException>(() => app.Services.GetRequiredService<ServiceBusClient>());

        Assert.Contains("ServiceBus__fullyQualifiedNamespace", Assert.Single(bad.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_with_a_bad_setting_says_which_before_it_starts()
    {
        using var app = Build(("ServiceBus", Bus), ("Ecs:QuickTries", "0"), ("Accounts:beijing:DefaultRegion", "Beijing"));

        var bad = SettingSentences.In(Assert.ThrowsAny<Exception>(() => app.Services.GetRequiredService<IStartupValidator>().Validate()));

        Assert.Single(bad, sentence => sentence.Contains("QuickTries", StringComparison.Ordinal));
        Assert.Single(bad, sentence => sentence.Contains("Accounts:beijing:DefaultRegion", StringComparison.Ordinal));
    }

    [Fact]
    public void A_start_that_fails_for_another_reason_keeps_its_stack()
    {
        Assert.Empty(SettingSentences.In(new InvalidOperationException("A defect.")));
        Assert.Equal(["It is away."], SettingSentences.In(new LedgerUnavailableException("It is away.")));
    }

    [Fact]
    public void The_app_shares_the_quotas_with_its_other_instances_for_longer_than_it_drains()
    {
        using var app = Build(("ServiceBus", Bus));

        var hosted = app.Services.GetServices<IHostedService>().Select(service => service.GetType()).ToList();

        // The service that is registered last is stopped first.
        Assert.InRange(hosted.IndexOf(typeof(QuotaExchange)), 0, hosted.IndexOf(typeof(Drain)) - 1);
    }

    [Fact]
    public void Ungroup_can_be_watched_without_any_exporter()
    {
        using var app = Build(("ServiceBus", Bus));

        Assert.NotNull(app.Services.GetService<TracerProvider>());
        Assert.NotNull(app.Services.GetService<MeterProvider>());
        using var activity = new System.Diagnostics.ActivitySource(Telemetry.Name).StartActivity("watched");
        Assert.NotNull(activity);
    }

    [Theory]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111;Authorization=AAD", true)]
    [InlineData("Authorization=AAD", true)]
    [InlineData(null, false)]
    [InlineData("ClientId=11111111-1111-1111-1111-111111111111", false)]
    public void Application_Insights_is_told_by_the_apps_identity_where_there_is_one(string? authentication, bool byIdentity)
    {
        using var app = Build(
            ("ServiceBus", Bus),
            ("APPLICATIONINSIGHTS_CONNECTION_STRING", "InstrumentationKey=00000000-0000-0000-0000-000000000000"),
            ("APPLICATIONINSIGHTS_AUTHENTICATION_STRING", authentication));

        var exporter = app.Services.GetRequiredService<IOptions<AzureMonitorExporterOptions>>().Value;

        Assert.StartsWith("InstrumentationKey=", exporter.ConnectionString, StringComparison.Ordinal);
        Assert.Equal(byIdentity, exporter.Credential is not null);
    }

    [Fact]
    public void A_collector_is_told_where_there_is_one()
    {
        using var app = Build(("ServiceBus", Bus), ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));

        Assert.NotNull(app.Services.GetService<TracerProvider>());
    }

    [Fact]
    public void The_start_makes_no_key_of_data_protection()
    {
        using var app = Build(("ServiceBus", Bus));

        var hosted = app.Services.GetServices<IHostedService>().Select(service => service.GetType().Namespace);

        Assert.DoesNotContain(hosted, name => name?.Contains("DataProtection", StringComparison.Ordinal) == true);
    }

    private static IHost Build(params (string Name, string? Value)[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder([]);
        builder.Configuration.AddConfiguration(AppBench.Configuration());

        // The worker's client of the host is made with the hosted services, and asks where the host is.
        builder.Configuration.AddInMemoryCollection([new("Functions:Worker:HostEndpoint", "http://127.0.0.1:1")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, setting.Value)));
        return builder.AddFunctionApp().Build();
    }
}
