using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

public sealed class JobClockTests
{
    [Theory]
    [InlineData(3, 0, 2)]
    [InlineData(100, 0, 4)]
    [InlineData(3, 60, 6)]
    [InlineData(100, 60, 6)]
    [InlineData(100, 3_600, 30)]
    public void The_longer_a_portion_waits_the_less_often_it_is_looked_at(int requests, int waitedSeconds, int expectedSeconds)
    {
        var clock = new JobClock(new FakeTimeProvider(Some.Now), () => 0, NullLogger<JobDriver>.Instance);

        Assert.Equal(TimeSpan.FromSeconds(expectedSeconds), clock.NextLook(new(1, 0, requests, Some.Now.AddSeconds(-waitedSeconds))) - Some.Now);
    }
}
