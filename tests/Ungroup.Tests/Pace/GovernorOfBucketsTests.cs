using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class GovernorOfBucketsTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    // Some.Now is five seconds into a minute.
    private static readonly DateTimeOffset FirstTurn = Some.Now.AddSeconds(55);

    [Fact]
    public async Task A_bucket_is_told_from_a_window_and_its_speed_is_found()
    {
        var world = new PaceWorld(1) { Quota = 1_200, Burst = 20 };

        await world.RunAsync(4 * Minute);

        var from = FirstTurn + Minute;
        Assert.InRange(world.Served(from, 2 * Minute) / 2.0, 0.75 * 1_200, 0.9 * 1_200);
        Assert.InRange(world.Refused(from, 2 * Minute), 1, 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_bucket_that_shrinks_is_left_alone_at_once_and_measured_within_seconds(int instances)
    {
        var world = new PaceWorld(instances) { Quota = 3_000, Burst = 50 };
        await world.RunAsync(4 * Minute);
        world.Quota = 600;
        var dropped = world.Now;

        await world.RunAsync(Minute);

        // Ten a second come back: what is sent fits into little more than that, also while it is being measured.
        Assert.InRange(world.Sent(dropped.AddSeconds(4), TimeSpan.FromSeconds(10)), 40, 130);
        Assert.InRange(world.Served(dropped.AddSeconds(10), TimeSpan.FromSeconds(40)), 0.7 * 400, 400);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task A_bucket_that_holds_more_than_a_look_used_to_take_is_measured_and_hardly_refused(int instances)
    {
        var world = new PaceWorld(instances) { Quota = 3_000, Burst = 250 };
        await world.RunAsync(12 * Minute);

        var from = FirstTurn + (4 * Minute);
        Assert.InRange(world.Served(from, 7 * Minute) / 7.0, 0.75 * 3_000, 0.9 * 3_000);
        Assert.InRange(world.Refused(from, 7 * Minute), 1, 7 * 24);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task A_bucket_that_grows_is_found_within_two_minutes(int instances)
    {
        var world = new PaceWorld(instances) { Quota = 600, Burst = 50 };
        await world.RunAsync(4 * Minute);
        world.Quota = 3_000;
        var grown = world.Now;

        await world.RunAsync(3 * Minute);

        Assert.InRange(world.Served(grown + (2 * Minute), Minute), 0.7 * 3_000, 3_000);
    }

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 20)]
    [InlineData(4, 40)]
    public async Task A_bucket_that_somebody_else_empties_for_a_while_is_used_again_within_two_minutes(int instances, int seconds)
    {
        var world = new PaceWorld(instances) { Quota = 3_000, Burst = 50 };
        await world.RunAsync(4 * Minute);
        world.Quota = 0;
        await world.RunAsync(TimeSpan.FromSeconds(seconds));
        world.Quota = 3_000;
        var back = world.Now;

        await world.RunAsync(4 * Minute);

        Assert.InRange(world.Served(back + (2 * Minute), 2 * Minute) / 2.0, 0.7 * 3_000, 0.85 * 3_000);
    }

    [Theory]
    [InlineData(8, 44)]
    [InlineData(64, 47)]
    [InlineData(64, 53)]
    public async Task A_bucket_is_found_within_two_minutes_by_instances_that_begin_together_near_the_end_of_one(int instances, int seconds)
    {
        var world = new PaceWorld(instances) { Quota = 3_000, Burst = 50 };
        world.Clock.Advance(TimeSpan.FromSeconds(seconds));

        await world.RunAsync(4 * Minute);

        Assert.InRange(world.Served(world.Now - (2 * Minute), 2 * Minute), 4_500, 5_000);
        Assert.InRange(world.Refused(world.Now - (2 * Minute), 2 * Minute), 0, 40);
    }

    [Fact]
    public void A_bucket_that_gave_nothing_between_two_refusals_is_not_measured()
    {
        var governor = Alarmed(others: 500);
        governor.RefuseOne(FirstTurn.AddSeconds(1));
        governor.Hear(OneOther(passed: 500), null, null, FirstTurn.AddSeconds(1.5));

        governor.RefuseOne(FirstTurn.AddSeconds(2.5));

        Assert.NotEqual(QuotaBasis.Measured, Known(governor).Basis);
    }

    [Fact]
    public void Less_than_a_call_a_minute_is_never_measured() =>
        Assert.Equal(1, QuotaKnowledge.Nothing.Measured(1e-12, weight: 0.3).PerMinute);

    [Fact]
    public void A_bucket_is_measured_although_the_minute_turns_and_what_others_used_of_it_is_forgotten()
    {
        var governor = Alarmed(others: 500);
        governor.RefuseOne(FirstTurn.AddSeconds(-0.5));
        governor.RefuseOne(FirstTurn.AddSeconds(0.5));
        governor.Pass(FirstTurn.AddSeconds(1), calls: 15);

        governor.RefuseOne(FirstTurn.AddSeconds(2));

        Assert.Equal((QuotaBasis.Measured, 600), (Known(governor).Basis, Math.Round(Known(governor).PerMinute)));
    }

    [Fact]
    public void What_is_only_heard_of_while_a_bucket_is_measured_has_not_passed_meanwhile()
    {
        var governor = Alarmed(others: 0);
        governor.RefuseOne(Some.Now.AddSeconds(1));
        governor.Hear(OneOther(passed: 500), null, null, Some.Now.AddSeconds(1.5));
        governor.Pass(Some.Now.AddSeconds(2), calls: 15);

        governor.RefuseOne(Some.Now.AddSeconds(2.5));

        Assert.Equal((QuotaBasis.Measured, 600), (Known(governor).Basis, Math.Round(Known(governor).PerMinute)));
    }

    [Fact]
    public void What_little_a_bucket_gives_while_others_have_not_heard_yet_is_not_its_measure()
    {
        var governor = Alarmed(others: 0);
        governor.RefuseOne(Some.Now.AddSeconds(1));
        governor.Pass(Some.Now.AddSeconds(2), calls: 2);

        governor.RefuseOne(Some.Now.AddSeconds(3));

        Assert.Equal(QuotaBasis.AtMost, Known(governor).Basis);
    }

    [Fact]
    public void A_bucket_that_stays_empty_for_a_moment_is_no_window()
    {
        var governor = Alarmed(others: 0);

        for (var refusal = 1; refusal < 8; refusal++)
        {
            governor.RefuseOne(Some.Now.AddSeconds(refusal));
            Assert.Equal(QuotaShape.Bucket, Known(governor).Shape);
        }

        governor.RefuseOne(Some.Now.AddSeconds(20));
        Assert.Equal(QuotaShape.Window, Known(governor).Shape);
    }

    [Fact]
    public void A_scout_that_hears_that_its_window_is_a_bucket_begins_slowly()
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.Hear(OneOther(passed: 0), new(1_200, QuotaBasis.AtMost, QuotaShape.Window, 1), null, Some.Now);
        var later = Some.Now.AddSeconds(20);

        governor.Hear(OneOther(passed: 0), new(1_200, QuotaBasis.AtMost, QuotaShape.Bucket, 2), null, later);

        Assert.InRange(Enumerable.Range(0, 100).Count(step => governor.TryTake(Origin.Upstream, later.AddMilliseconds(10 * step), out _)), 1, 5);
    }

    /// <summary>The scout of two, after somebody was refused by a bucket that was known to give 3,000 calls a minute.</summary>
    private static Governor Alarmed(int others)
    {
        var governor = AnsweredCalls.NewGovernor();
        governor.TryTake(Origin.Upstream, Some.Now, out _);
        governor.Hear(OneOther(others), new(3_000, QuotaBasis.Measured, QuotaShape.Bucket, 1), null, Some.Now);
        governor.Hear(OneOther(others), new(1_200, QuotaBasis.AtMost, QuotaShape.Bucket, 2), null, Some.Now);
        return governor;
    }

    private static FleetView OneOther(int passed) =>
        new(0, [new(1, Some.Now, Wants: true, Some.Now.AddSeconds(-5), passed, 0, TouchedBefore: false)]);

    private static QuotaKnowledge Known(Governor governor) => governor.Look(Some.Now)!.Quota;
}
