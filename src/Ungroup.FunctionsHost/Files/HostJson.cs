using System.Globalization;
using System.Text.Json.Nodes;

namespace Ungroup.FunctionsHost.Files;

/// <summary>The settings of an app's host.json, with the defaults of the Functions host and its Service Bus extension.</summary>
internal sealed record HostJson
{
    private static readonly string[] KnownToQueues =
        ["autoCompleteMessages", "maxAutoLockRenewalDuration", "maxConcurrentCalls", "prefetchCount"];

    public bool AutoCompleteMessages { get; init; } = true;

    public TimeSpan MaxAutoLockRenewalDuration { get; init; } = TimeSpan.FromMinutes(5);

    public int MaxConcurrentCalls { get; init; } = 16 * Environment.ProcessorCount;

    public int PrefetchCount { get; init; }

    /// <summary>After this long an invocation is cancelled; null for never.</summary>
    public TimeSpan? FunctionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    public string RoutePrefix { get; init; } = "api";

    public LogLevels Levels { get; init; } = LogLevels.Of([]);

    public IReadOnlyList<string> Ignored { get; init; } = [];

    public static HostJson Read(string directory)
    {
        var file = AppFiles.Read(directory, "host.json");
        var queues = AppFiles.At(file, "extensions", "serviceBus");
        var standard = new HostJson();
        try
        {
            return standard with
            {
                AutoCompleteMessages = Value(queues, "autoCompleteMessages", standard.AutoCompleteMessages),
                MaxAutoLockRenewalDuration = Span(queues, "maxAutoLockRenewalDuration") ?? standard.MaxAutoLockRenewalDuration,
                MaxConcurrentCalls = Value(queues, "maxConcurrentCalls", standard.MaxConcurrentCalls),
                PrefetchCount = Value(queues, "prefetchCount", standard.PrefetchCount),
                FunctionTimeout = Timeout(file, standard.FunctionTimeout),
                RoutePrefix = Value(AppFiles.At(file, "extensions", "http"), "routePrefix", standard.RoutePrefix).Trim('/'),
                Levels = LogLevels.Of(AppFiles.At(file, "logging", "logLevel")),
                Ignored = [.. queues.Select(setting => setting.Key).Except(KnownToQueues).Select(name => $"extensions.serviceBus.{name}")],
            };
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or OverflowException)
        {
            throw new FunctionsHostException($"{Path.Combine(directory, "host.json")}: {exception.Message}");
        }
    }

    private static T Value<T>(JsonObject section, string name, T standard) => section[name] is { } value ? value.GetValue<T>() : standard;

    private static TimeSpan? Span(JsonObject section, string name) =>
        section[name] is { } value ? TimeSpan.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture) : null;

    private static TimeSpan? Timeout(JsonObject file, TimeSpan? standard) =>
        file["functionTimeout"]?.ToString() is "-1" ? null : Span(file, "functionTimeout") ?? standard;
}
