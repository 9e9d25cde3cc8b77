using CsCheck;
using Ungroup.Quotas.Windows;

namespace Ungroup.Tests.Quotas;

/// <summary>What holds whatever is seen, in whatever order; decision 13 names them.</summary>
public sealed class QuotaInvariantTests
{
    private static readonly Gen<Observation> Seen = Gen.OneOf<Observation>(
        SomeQuota.Seconds(0, 70).Select(ago => (Observation)new Observation.Passed(SomeQuota.Start.AddSeconds(130) - ago)),
        Gen.Select(SomeQuota.Seconds(0, 70), Gen.OneOf(Gen.Const((TimeSpan?)null), SomeQuota.Seconds(0.01, 70).Select(hint => (TimeSpan?)hint)), (ago, hint) =>
            (Observation)new Observation.Refused(SomeQuota.Start.AddSeconds(130) - ago, hint, SomeQuota.Start.AddSeconds(130))),
        Gen.Select(Gen.Int[0, 5_000], Gen.Bool, Gen.Int[0, 2], (taken, hit, window) =>
            (Observation)new Observation.Ended(SomeQuota.Start.AddMinutes(window), taken, hit)),
        SomeQuota.Estimates.Select(estimate => (Observation)new Observation.Heard(estimate, SomeQuota.Start.AddSeconds(130))));

    private static readonly Gen<QuotaView> Views = Gen.Select(
        SomeQuota.Estimates, Gen.Bool, Gen.Bool, SomeQuota.Seconds(0, 120), Gen.Int[0, 3],
        (estimate, hit, hitBefore, refusedAgo, passed) =>
        {
            var view = SomeQuota.View(estimate.Limit, estimate.Start, SomeQuota.Start.AddSeconds(130));
            return view with
            {
                Current = view.Current with { Hit = hit, Passed = passed },
                Last = view.Last with { Hit = hitBefore },
                RefusedAt = SomeQuota.Start.AddSeconds(130) - refusedAgo,
            };
        });

    [Fact]
    public void Whoever_hears_of_whom_in_whatever_order_all_come_to_the_same() =>
        Gen.Select(SomeQuota.Estimates, SomeQuota.Estimates, SomeQuota.Estimates).Sample((one, two, three) =>
        {
            Assert.Equal(one, one.Merge(one));
            Assert.Equal(one.Merge(two), two.Merge(one));
            Assert.Equal(one.Merge(two).Merge(three), one.Merge(two.Merge(three)));
        });

    [Fact]
    public void Versions_only_grow_whatever_is_seen() =>
        Gen.Select(Views, SomeQuota.Shares, Seen.Array[1, 8]).Sample((view, share, seen) =>
        {
            foreach (var observation in seen)
            {
                var next = QuotaEstimator.Apply(view, share, observation, told: null);
                Assert.True(next.Limit.Version >= view.Limit.Version && next.Start.Version >= view.Start.Version);
                Assert.True(next.Limit == view.Limit || next.Limit.Replaces(view.Limit));
                Assert.True(next.Start == view.Start || next.Start.Replaces(view.Start));
                view = next;
            }
        });

    [Fact]
    public void A_call_sent_before_the_last_refusal_teaches_nothing() =>
        Gen.Select(Views, SomeQuota.Shares, SomeQuota.Seconds(0, 60), SomeQuota.Seconds(0.01, 60)).Sample((view, share, before, hint) =>
        {
            var sentAt = view.RefusedAt - before;
            Assert.Equal(view, QuotaEstimator.Apply(view, share, new Observation.Refused(sentAt, hint, view.RefusedAt), null));
            Assert.Equal(view.Estimate, QuotaEstimator.Apply(view, share, new Observation.Passed(sentAt), null).Estimate);
        });

    [Fact]
    public void Of_one_window_nobody_learns_twice() =>
        Gen.Select(Views, SomeQuota.Shares, Gen.Int[0, 5_000], Gen.Bool).Sample((view, share, taken, hit) =>
        {
            var ended = new Observation.Ended(view.Last.Start, taken, hit);
            var once = QuotaEstimator.Apply(view, share, ended, null);
            Assert.Equal(once.Limit, QuotaEstimator.Apply(once, share, ended, null).Limit);
        });

    [Fact]
    public void What_an_operator_has_told_is_never_exceeded_whatever_is_seen_and_heard() =>
        Gen.Select(Gen.Int[1, 1_000], SomeQuota.Starts, SomeQuota.Shares, Seen.Array[1, 8], Gen.Double[0, 60]).Sample((told, start, share, seen, position) =>
        {
            var view = SomeQuota.View(QuotaLimit.Told(told), start, SomeQuota.Start.AddSeconds(130));
            foreach (var observation in seen)
            {
                view = QuotaEstimator.Apply(view, share, observation, told);
                Assert.InRange(view.Limit.Calls, 0, told);
            }

            var plan = new WindowPlan(7, QuotaView.IsProbed(view.Limit, 7), 0.7, 0.2, told);
            var sum = Enumerable.Range(0, share.Count).Sum(me =>
                WindowSchedule.AllowanceAt(view.Limit, SomeQuota.ShareOf(share.Count, me), plan, isHolder: me == 0, position));
            Assert.InRange(sum, 0, told);
        });

    [Fact]
    public void The_shares_of_all_instances_are_exactly_the_whole() =>
        Gen.Select(Gen.Long[0, 10_000], Gen.Int[1, 64], Gen.Long[0, 1_000_000]).Sample((calls, count, window) =>
        {
            var members = Enumerable.Range(0, count).Select(member => $"i-{member:00}").ToArray();
            Assert.Equal(calls, members.Sum(me => (long)WindowSchedule.ShareOf(calls, new(me, members), window)));
        });

    [Fact]
    public void One_instance_probes_a_window_and_no_other() =>
        Gen.Select(SomeQuota.Estimates, Gen.Int[1, 9], Gen.Long[0, 1_000_000]).Sample((estimate, count, window) =>
            Assert.Equal(1, Enumerable.Range(0, count).Count(me => SomeQuota.ShareOf(count, me).IsHolder(estimate, window))));

    [Fact]
    public void Ordinary_calls_leave_the_reserve_alone_until_second_55_and_most_of_it_until_58() =>
        Gen.Select(SomeQuota.Limits, Gen.Long[0, 1_000], Gen.Double[0, 0.9], Gen.Double[0, 58]).Sample((limit, window, reserve, position) =>
        {
            var plan = new WindowPlan(window, QuotaView.IsProbed(limit, window), 0.7, reserve);
            var everybody = WindowSchedule.Everybody(limit, plan, position);
            Assert.True(everybody <= (limit.Usable * (1 - reserve)) + 1e-6 || position > 55);
            Assert.True(everybody <= (limit.Usable * (1 - (0.4 * reserve))) + 1e-6 || limit.Basis == LimitBasis.Told);
            Assert.True(everybody <= WindowSchedule.Everybody(limit, plan, position + 1));
        });

    [Fact]
    public void A_permit_is_due_at_the_first_position_that_allows_it() =>
        Gen.Select(SomeQuota.Limits, SomeQuota.Shares, Gen.Long[0, 99], Gen.Bool, Gen.Double[0, 59], Gen.Int[0, 900]).Sample((limit, share, window, isHolder, from, issued) =>
        {
            var plan = new WindowPlan(window, QuotaView.IsProbed(limit, window), 0.7, 0.2);
            var first = WindowSchedule.FirstAllowed(limit, share, plan, isHolder, from, issued);
            Assert.True((first is null) == (WindowSchedule.AllowanceAt(limit, share, plan, isHolder, WindowSchedule.End) <= issued));
            Assert.True(first is not { } due || WindowSchedule.AllowanceAt(limit, share, plan, isHolder, due) > issued);
            Assert.True(first is not { } later || later == from || WindowSchedule.AllowanceAt(limit, share, plan, isHolder, later - 0.002) <= issued);
        });

    [Fact]
    public void A_window_never_counts_from_later_than_it_starts_and_never_opens_before() =>
        Gen.Select(SomeQuota.Seconds(0, 120), SomeQuota.Seconds(0.1, 4), Gen.Double[0, 1], SomeQuota.Seconds(0, 600)).Sample((latest, error, part, later) =>
        {
            var start = new WindowStart(SomeQuota.Start + latest, error, "a", 1);
            var real = start.Latest - (part * error);
            var instant = real + later;
            var window = real + (Math.Floor((instant - real) / WindowStart.Length) * WindowStart.Length);
            Assert.True(start.WindowOf(instant) <= window || start.WindowOf(instant) > window + WindowStart.Length - error - WindowStart.Tick);
            Assert.True(start.WindowOf(window) + start.Uncertain >= window);
        });

    [Fact]
    public void While_it_is_closed_nothing_is_called_before_the_next_window_but_the_one_call_that_seeks_it() =>
        Gen.Select(Views, SomeQuota.Shares).Sample((view, share) =>
        {
            var closed = view with { Current = view.Current with { Hit = true } };
            var (at, alone) = WindowOpening.Of(closed, share, closed.Current.Start.AddSeconds(30));
            var awaits = !closed.Start.IsSure && closed.Current.Passed == 0 && closed.Start.FoundBy != share.Me;
            Assert.True(at >= closed.Current.End || awaits || (alone && !closed.Start.IsSure), $"{at:O} {alone}");
        });
}
