using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Polly.Retry;
using Polly.Testing;
using Polly.Timeout;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;

namespace Ungroup.Tests.Ecs.Changes;

public sealed class EcsPipelineTests
{
    [Fact]
    public void The_time_for_everything_is_outside_the_tries()
    {
        var descriptor = Pipeline(new()).GetPipelineDescriptor();

        Assert.Collection(
            descriptor.Strategies,
            first => Assert.Equal(TimeSpan.FromMinutes(4), Assert.IsType<TimeoutStrategyOptions>(first.Options).Timeout),
            second => Assert.Equal(2, Assert.IsType<RetryStrategyOptions<Tried>>(second.Options).MaxRetryAttempts));
    }

    [Fact]
    public void A_single_try_needs_no_retry() =>
        Assert.IsType<TimeoutStrategyOptions>(Assert.Single(Pipeline(new() { QuickTries = 1 }).GetPipelineDescriptor().Strategies).Options);

    private static Polly.ResiliencePipeline<Tried> Pipeline(EcsOptions options) =>
        new EcsPipeline(Options.Create(options), new FakeTimeProvider(), () => 0.5).Pipeline;
}
