using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Ungroup.Functions.Invocations;

namespace Ungroup.Functions.Setup;

/// <summary>Logs, traces and metrics straight from this process: to Application Insights, an OTLP collector, both or neither.</summary>
internal static class TelemetrySetup
{
    // Four lines of it for each settlement say nothing that ours do not.
    private const string Chatter = "System.Net.Http.HttpClient.CallInvokerExtractor";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddLogging(logging => logging
            .AddFilter(Chatter, LogLevel.Warning)
            .AddProvider(new BackgroundLog(Console.Out))
            .AddFilter<BackgroundLog>(category: null, LogLevel.Warning)
            .AddFilter<BackgroundLog>(nameof(Ungroup), LogLevel.Information));
        var telemetry = services.AddOpenTelemetry()
            .WithTracing(traces => traces.AddSource(Telemetry.Name))
            .WithMetrics(metrics => metrics.AddMeter(Telemetry.Name))
            .UseFunctionsWorkerDefaults();

        if (configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 } connectionString)
        {
            telemetry.UseAzureMonitorExporter(exporter =>
            {
                exporter.ConnectionString = connectionString;
                exporter.Credential = Identity(configuration["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"]);
            });
        }

        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }

        return services;
    }

    /// <summary>The app's identity for Application Insights, as the Functions host reads it: ClientId=…;Authorization=AAD. Null: the key of the connection string.</summary>
    internal static DefaultAzureCredential? Identity(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .ToLookup(part => part[0].Trim(), part => part[1].Trim(), StringComparer.OrdinalIgnoreCase);
        return parts["Authorization"].Contains("AAD", StringComparer.OrdinalIgnoreCase)
            ? new(new DefaultAzureCredentialOptions { ManagedIdentityClientId = parts["ClientId"].FirstOrDefault() })
            : null;
    }
}
