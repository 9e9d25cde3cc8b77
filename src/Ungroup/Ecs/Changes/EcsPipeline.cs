using Microsoft.Extensions.Options;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Ungroup.Ecs.Changes;

/// <summary>How often and how long one delivery tries. The client signs and times each attempt, inside this.</summary>
internal sealed class EcsPipeline
{
    public EcsPipeline(IOptions<EcsOptions> options, TimeProvider clock, Func<double> chance)
    {
        var settings = options.Value;
        var builder = new ResiliencePipelineBuilder<RemovalResult> { TimeProvider = clock, Name = "ecs" }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = settings.LongestRun });
        Pipeline = (settings.QuickTries > 1 ? builder.AddRetry(Retry(settings, chance)) : builder).Build();
    }

    public ResiliencePipeline<RemovalResult> Pipeline { get; }

    private static RetryStrategyOptions<RemovalResult> Retry(EcsOptions settings, Func<double> chance) => new()
    {
        MaxRetryAttempts = settings.QuickTries - 1,
        ShouldHandle = static arguments => new(arguments.Outcome.Result is RemovalResult.Wait { IsWorthAnotherTry: true }),
        DelayGenerator = arguments => new((arguments.Outcome.Result as RemovalResult.Wait)?.Pause ?? Backoff(settings, arguments.AttemptNumber, chance())),
    };

    /// <summary>Full jitter up to a ceiling that grows fourfold: 2 s, then 8 s.</summary>
    private static TimeSpan Backoff(EcsOptions settings, int retry, double chance)
    {
        var ceiling = Math.Min(settings.ShortestBackoff.Ticks * Math.Pow(4, retry + 1), settings.LongestBackoff.Ticks);
        return settings.ShortestBackoff + TimeSpan.FromTicks((long)(chance * (ceiling - settings.ShortestBackoff.Ticks)));
    }
}
