using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>What all together use of the reserve, and what is left to the one instance that looks for the edge.</summary>
public sealed class ScoutTests
{
    // Some.Now is five seconds into a minute.
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Fact]
    public void A_large_step_is_a_new_quota_and_leaves_no_more_of_the_reserve_to_the_scout_than_that_does()
    {
        var (known, stepped) = (SentOfTheReserve(600), SentOfTheReserve(800, 600));

        Assert.InRange(known, 60, 80);
        Assert.Equal(known, stepped);
    }

    [Fact]
    public void What_differs_a_little_from_minute_to_minute_leaves_more_to_the_scout() =>
        Assert.InRange(SentOfTheReserve(600, 640, 600), 30, SentOfTheReserve(600) - 15);

    /// <summary>What is called from second 55 to 58 of a minute, before the scout goes on alone, once one quota after the other was measured.</summary>
    private static int SentOfTheReserve(params int[] measured)
    {
        var governor = AnsweredCalls.NewGovernor();
        for (var version = 0; version < measured.Length; version++)
        {
            governor.Hear(new(0, []), new(measured[version], QuotaBasis.Measured, QuotaShape.Window, version + 1), null, Some.Now);
        }

        var sent = 0;
        for (var now = FirstTurn; now < FirstTurn.AddSeconds(58); now += TimeSpan.FromSeconds(0.01))
        {
            while (governor.TryTake(Origin.Upstream, now, out _))
            {
                governor.Pass(now, calls: 1);
                sent += now >= FirstTurn.AddSeconds(55) ? 1 : 0;
            }
        }

        return sent;
    }
}
