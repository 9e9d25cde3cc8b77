using Polly;
using Polly.Retry;

namespace Ungroup.Benchmarks.Pace.Peers;

/// <summary>
/// The waits between the attempts of a job as Polly itself chooses them: a real Polly pipeline (exponential, with its decorrelated jitter)
/// is run on an operation that always fails, with timers that ring at once, and tells how long it would have waited each time.
/// </summary>
internal sealed class PollyDelays
{
    private readonly ResiliencePipeline<bool> _pipeline;
    private List<TimeSpan> _delays = [];

    public PollyDelays(int retries, TimeSpan? cap, Random chance) => _pipeline = new ResiliencePipelineBuilder<bool> { TimeProvider = new AtOnce() }
        .AddRetry(new RetryStrategyOptions<bool>
        {
            ShouldHandle = _ => PredicateResult.True(),
            MaxRetryAttempts = retries,
            Delay = TimeSpan.FromSeconds(2),
            MaxDelay = cap,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Randomizer = chance.NextDouble,
            OnRetry = retry =>
            {
                _delays.Add(retry.RetryDelay);
                return default;
            },
        })
        .Build();

    public Queue<TimeSpan> Draw()
    {
        _delays = [];
        _pipeline.Execute(() => false);
        return new(_delays);
    }

    /// <summary>A time in which every timer rings when it is set.</summary>
    private sealed class AtOnce : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            callback(state);
            return new Rung();
        }

        private sealed class Rung : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
