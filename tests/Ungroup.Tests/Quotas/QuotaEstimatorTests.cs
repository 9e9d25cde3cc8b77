using Ungroup.Quotas.Windows;

namespace Ungroup.Tests.Quotas;

/// <summary>Each rule by an example.</summary>
public sealed class QuotaEstimatorTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public void A_window_that_was_used_up_measures_the_limit()
    {
        var view = SomeQuota.View(QuotaLimit.Unknown, SomeQuota.Found, At(61));

        var limit = Ended(view, 600, hit: true).Limit;

        Assert.Equal((600, LimitBasis.Measured, 1), (limit.Calls, limit.Basis, limit.Version));
    }

    [Theory]
    [InlineData(540, 570)]
    [InlineData(660, 630)]
    [InlineData(601, 601)]
    [InlineData(720, 720)]
    public void Of_what_others_make_differ_from_window_to_window_the_middle_is_taken(int taken, int learned)
    {
        var view = SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(61));

        Assert.Equal((learned, LimitBasis.Measured), (Ended(view, taken, hit: true).Limit.Calls, Ended(view, taken, hit: true).Limit.Basis));
    }

    [Fact]
    public void More_than_was_known_without_a_refusal_means_that_there_may_be_more()
    {
        var view = SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(61));

        Assert.Equal((640, LimitBasis.AtLeast), (Ended(view, 640, hit: false).Limit.Calls, Ended(view, 640, hit: false).Limit.Basis));
        Assert.Equal(view.Limit, Ended(view, 480, hit: false).Limit);
    }

    [Fact]
    public void Far_less_than_was_known_is_a_surprise_after_which_little_is_called()
    {
        var limit = Ended(SomeQuota.View(SomeQuota.Measured(3_000), SomeQuota.Found, At(61)), 1_000, hit: true).Limit;

        Assert.Equal((1_000, LimitBasis.AtMost), (limit.Calls, limit.Basis));
        Assert.Equal(250, limit.Usable);
    }

    [Fact]
    public void A_window_whose_start_is_a_guess_measures_nothing_when_it_is_used_up()
    {
        var view = SomeQuota.View(QuotaLimit.Unknown, WindowStart.OfTheClock, At(61));

        Assert.Equal(QuotaLimit.Unknown, Ended(view, 600, hit: true).Limit);
    }

    [Fact]
    public void A_refusal_just_behind_a_start_that_is_heard_of_later_closes_the_window_of_that_start()
    {
        var refused = QuotaEstimator.Refused(SomeQuota.View(QuotaLimit.Unknown, WindowStart.OfTheClock, At(0)), At(0.1), hint: null, At(0.2));

        var heard = QuotaEstimator.Heard(refused, new(QuotaLimit.Unknown, SomeQuota.Found with { Version = 9 }), [], At(0.5));

        Assert.Equal((true, false), (heard.Current.Hit, heard.Current.IsWhole));
        Assert.Equal(QuotaState.Closed, QuotaOpening.StateOf(heard, At(0.5)));
    }

    [Fact]
    public void A_limit_that_was_told_too_high_is_corrected_and_found_up_to_what_was_told()
    {
        var view = SomeQuota.View(QuotaLimit.Told(1_000), SomeQuota.Found, At(61), told: 1_000);

        var less = QuotaEstimator.Ended(view, view.Last.Start, 300, hit: true);
        var more = QuotaEstimator.Ended(less, less.Current.Start, 1_400, hit: false);

        Assert.Equal((300, LimitBasis.AtMost), (less.Limit.Calls, less.Limit.Basis));
        Assert.Equal((1_000, LimitBasis.Told), (more.Limit.Calls, more.Limit.Basis));
    }

    [Fact]
    public void A_hint_says_when_the_next_window_starts()
    {
        var view = SomeQuota.View(QuotaLimit.Unknown, WindowStart.OfTheClock, At(30));

        var refused = QuotaEstimator.Refused(view, At(30), TimeSpan.FromSeconds(12), At(30));

        Assert.True(refused.Start.IsFound);
        Assert.InRange(refused.Start.WindowOf(At(43)), At(41.8), At(42.2));
        Assert.True(refused.Current.Hit);
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(300)]
    public void A_hint_of_what_is_no_window_says_nothing_of_its_start(double seconds)
    {
        var view = SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(30));

        Assert.Equal(SomeQuota.Found, Refuse(view, 30, TimeSpan.FromSeconds(seconds)).Start);
    }

    [Fact]
    public void What_is_over_at_once_as_ECS_says_closes_no_window_unless_its_edge_was_looked_for()
    {
        var view = SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(30));
        var unknown = SomeQuota.View(QuotaLimit.Unknown, SomeQuota.Found, At(52));

        var refused = Refuse(view, 30, TimeSpan.FromSeconds(0.8));

        Assert.Equal((false, At(32)), (refused.Current.Hit, refused.NotBefore));
        Assert.True(Refuse(unknown, 52, TimeSpan.FromSeconds(0.8)).Current.Hit);
    }

    [Fact]
    public void A_start_that_nobody_knows_is_sought_by_one_call_every_two_seconds_until_one_passes()
    {
        var view = SomeQuota.View(QuotaLimit.Unknown, WindowStart.OfTheClock, At(57));

        var first = Refuse(view, 57);
        var second = Refuse(first.At(At(59)), 59);
        var found = QuotaEstimator.Passed(second.At(At(61)), At(61));

        Assert.Equal(QuotaState.Seeking, QuotaOpening.StateOf(first, At(57)));
        Assert.Equal((At(59), true), QuotaOpening.NextCall(first, At(57)));
        Assert.Equal((At(61), true), QuotaOpening.NextCall(second, At(59)));
        Assert.Equal((At(61), TimeSpan.FromSeconds(2) - Tick), (found.Start.Latest, found.Start.Error));
    }

    [Fact]
    public void While_one_seeks_the_others_wait_for_its_news_but_not_for_ever()
    {
        var others = FleetShare.Of("c", ["a", "b"]);
        var view = SomeQuota.View(QuotaLimit.Unknown, new(At(59), TimeSpan.Zero, StartBasis.Sought, "a", 1), At(57), others);

        Assert.Equal((At(59) + QuotaEstimator.Doubt + TimeSpan.FromSeconds(1), true), QuotaOpening.NextCall(view, At(57)));
        Assert.True(QuotaOpening.NextCall(view.At(At(80)), At(80)).At <= At(80));
    }

    [Fact]
    public void One_that_hears_nothing_of_whoever_should_seek_the_start_seeks_it_itself()
    {
        var share = FleetShare.Of("c", ["a", "b"]);
        var refused = QuotaEstimator.Refused(SomeQuota.View(QuotaLimit.Unknown, WindowStart.OfTheClock, At(15), share), At(15), null, At(15));

        Assert.Equal((At(26), true), QuotaOpening.NextCall(refused, At(15)));

        var again = QuotaEstimator.Refused(refused.At(At(26)), At(26), null, At(26));
        Assert.Equal((QuotaState.Seeking, "c"), (QuotaOpening.StateOf(again, At(26)), again.Start.By));
    }

    [Fact]
    public void One_call_in_the_middle_of_what_is_not_known_says_in_which_half_a_window_starts()
    {
        var start = new WindowStart(At(0), TimeSpan.FromSeconds(2), StartBasis.Found, "a", 1);
        var view = Refuse(SomeQuota.View(SomeQuota.Measured(600), start, At(50)) with { }, 50);
        var next = view.At(At(58.5));

        Assert.Equal((At(59), true), QuotaOpening.NextCall(next, At(58.5)));
        var refused = QuotaEstimator.Refused(next.At(At(59)), At(59), null, At(59.02));
        Assert.Equal((TimeSpan.FromSeconds(1) - Tick, false), (refused.Start.Error, refused.Current.Hit));

        var passed = QuotaEstimator.Passed(next.At(At(59)), At(59));
        Assert.Equal((At(59), TimeSpan.FromSeconds(1)), (passed.Start.Latest, passed.Start.Error));
    }

    [Fact]
    public void A_refusal_right_after_a_start_doubts_the_start_and_not_the_quota()
    {
        var view = SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(61), SomeQuota.ShareOf(2, 1));

        var refused = QuotaEstimator.Refused(view, At(61), null, At(61));

        Assert.False(refused.Current.Hit);
        Assert.Equal(At(71), refused.NotBefore);
    }

    [Fact]
    public void The_one_that_had_found_the_edge_seeks_a_start_that_does_not_come()
    {
        var view = Refuse(SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(59)), 59).At(At(61));

        Assert.Equal(QuotaState.Seeking, QuotaOpening.StateOf(Refuse(view, 61), At(61)));
    }

    [Fact]
    public void A_window_whose_start_moved_measures_nothing()
    {
        var view = SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(30)) with { LastSent = At(29) };

        var moved = view.WithStart(SomeQuota.Found.Found(At(20), TimeSpan.FromSeconds(0.3), "a"), At(30));

        Assert.False(moved.Current.IsWhole);
        Assert.False(moved.Last.IsWhole);
    }

    [Theory]
    [InlineData(25, true)]
    [InlineData(31, false)]
    public void A_refusal_counts_for_the_window_that_it_turns_out_to_be_in(double start, bool isClosed)
    {
        var view = Refuse(SomeQuota.View(SomeQuota.Measured(600), SomeQuota.Found, At(30)), 30);

        var moved = view.WithStart(SomeQuota.Found.Found(At(start), TimeSpan.FromSeconds(0.3), "b"), At(32));

        Assert.Equal(isClosed, moved.Current.Hit);
    }

    [Fact]
    public void A_start_that_is_sought_for_longer_than_a_call_lasts_can_be_found() =>
        Assert.True(QuotaEstimator.SeekStep + TimeSpan.FromSeconds(1.5) < WindowStart.MostError);

    private static QuotaView Ended(QuotaView view, int taken, bool hit) =>
        QuotaEstimator.Ended(view, view.Last.Start, taken, hit);

    private static QuotaView Refuse(QuotaView view, double seconds, TimeSpan? hint = null) =>
        QuotaEstimator.Refused(view, At(seconds), hint, At(seconds));

    private static DateTimeOffset At(double seconds) => SomeQuota.Start.AddSeconds(seconds);
}
