using CsCheck;
using Ungroup.Quotas.Windows;

namespace Ungroup.Tests.Quotas;

/// <summary>These hold whatever is seen, in whatever order; decision 13 names them.</summary>
public sealed class QuotaInvariantTests
{
    private static readonly DateTimeOffset Now = SomeQuota.Start.AddSeconds(130);

    /// <summary>Something that is seen, as what it makes of a view.</summary>
    private static readonly Gen<Func<QuotaView, QuotaView>> Seen = Gen.OneOf<Func<QuotaView, QuotaView>>(
        SomeQuota.Seconds(0, 70).Select(ago => (Func<QuotaView, QuotaView>)(view => QuotaEstimator.Passed(view, Now - ago))),
        Gen.Select(SomeQuota.Seconds(0, 70), Gen.OneOf(Gen.Const((TimeSpan?)null), SomeQuota.Seconds(0.01, 70).Select(hint => (TimeSpan?)hint)), (ago, hint) =>
            (Func<QuotaView, QuotaView>)(view => QuotaEstimator.Refused(view, Now - ago, hint, Now))),
        Gen.Select(Gen.Int[0, 5_000], Gen.Bool, Gen.Int[0, 2], (taken, hit, window) =>
            (Func<QuotaView, QuotaView>)(view => QuotaEstimator.Ended(view, SomeQuota.Start.AddMinutes(window), taken, hit))),
        SomeQuota.Estimates.Select(estimate => (Func<QuotaView, QuotaView>)(view => QuotaEstimator.Heard(view, estimate, [], Now))));

    private static readonly Gen<QuotaView> Views = Gen.Select(
        SomeQuota.Estimates, SomeQuota.Shares, Gen.Bool, Gen.Bool, SomeQuota.Seconds(0, 120), Gen.Int[0, 3],
        (estimate, share, hit, hitBefore, refusedAgo, passed) =>
        {
            var view = SomeQuota.View(estimate.Limit, estimate.Start, Now, share);
            return view with
            {
                Current = view.Current with { Hit = hit, Passed = passed },
                Last = view.Last with { Hit = hitBefore },
                RefusedAt = Now - refusedAgo,
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
        Gen.Select(Views, Seen.Array[1, 8]).Sample((view, seen) =>
        {
            foreach (var see in seen)
            {
                var next = see(view);
                Assert.True(next.Limit.Version >= view.Limit.Version && next.Start.Version >= view.Start.Version);
                Assert.True(next.Limit == view.Limit || next.Limit.Replaces(view.Limit));
                Assert.True(next.Start == view.Start || next.Start.Replaces(view.Start));
                view = next;
            }
        });

    [Fact]
    public void A_call_sent_before_the_last_refusal_teaches_nothing() =>
        Gen.Select(Views, SomeQuota.Seconds(0, 60), SomeQuota.Seconds(0.01, 60)).Sample((view, before, hint) =>
        {
            var sentAt = view.RefusedAt - before;
            Assert.Equal(view, QuotaEstimator.Refused(view, sentAt, hint, view.RefusedAt));
            Assert.Equal(view.Estimate, QuotaEstimator.Passed(view, sentAt).Estimate);
        });

    [Fact]
    public void Of_one_window_nobody_learns_twice() =>
        Gen.Select(Views, Gen.Int[0, 5_000], Gen.Bool).Sample((view, taken, hit) =>
        {
            var once = QuotaEstimator.Ended(view, view.Last.Start, taken, hit);
            Assert.Equal(once.Limit, QuotaEstimator.Ended(once, view.Last.Start, taken, hit).Limit);
        });

    [Fact]
    public void What_an_operator_has_told_is_never_exceeded_whatever_is_seen_and_heard() =>
        Gen.Select(Gen.Int[1, 1_000], SomeQuota.Starts, SomeQuota.Shares, Seen.Array[1, 8], Gen.Double[0, 60]).Sample((told, start, share, seen, position) =>
        {
            var view = SomeQuota.View(QuotaLimit.Told(told), start, Now, share, told);
            foreach (var see in seen)
            {
                view = see(view);
                Assert.InRange(view.Limit.Calls, 0, told);
            }

            var sum = Enumerable.Range(0, share.Count).Sum(me => (view.Schedule with { Share = SomeQuota.ShareOf(share.Count, me) }).AllowanceAt(position));
            Assert.InRange(sum, 0, told);
        });

    [Fact]
    public void The_shares_of_all_instances_are_exactly_the_whole() =>
        Gen.Select(Gen.Long[0, 10_000], Gen.Int[1, 64], Gen.Long[0, 1_000_000]).Sample((calls, count, window) =>
        {
            var members = Enumerable.Range(0, count).Select(member => $"i-{member:00}").ToArray();
            Assert.Equal(calls, members.Sum(me => (long)new FleetShare(me, members).PartOf(calls, window)));
        });

    [Fact]
    public void One_instance_probes_a_window_and_no_other() =>
        Gen.Select(SomeQuota.Estimates, Gen.Int[1, 9], Gen.Long[0, 1_000_000]).Sample((estimate, count, window) =>
            Assert.Equal(1, Enumerable.Range(0, count).Count(me => SomeQuota.ShareOf(count, me).IsProber(estimate, window))));

    [Fact]
    public void Ordinary_calls_leave_the_reserve_alone_until_second_55_and_most_of_it_until_58() =>
        Gen.Select(SomeQuota.Estimates, Gen.Long[0, 1_000], Gen.Double[0, 0.9], Gen.Double[0, 58]).Sample((estimate, window, reserve, position) =>
        {
            var (limit, schedule) = (estimate.Limit, new WindowSchedule(estimate, SomeQuota.ShareOf(1, 0), new(reserve, null), window));
            var everybody = schedule.EverybodyAt(position);
            Assert.True(everybody <= (limit.Usable * (1 - reserve)) + 1e-6 || position > 55);
            Assert.True(everybody <= (limit.Usable * (1 - (0.4 * reserve))) + 1e-6 || limit.Basis == LimitBasis.Told);
            Assert.True(everybody <= schedule.EverybodyAt(position + 1));
        });

    [Fact]
    public void A_permit_is_due_at_the_first_position_that_allows_it() =>
        Gen.Select(SomeQuota.Estimates, SomeQuota.Shares, Gen.Long[0, 99], Gen.Double[0, 59], Gen.Int[0, 900]).Sample((estimate, share, window, from, spent) =>
        {
            var schedule = new WindowSchedule(estimate, share, new(0.2, null), window);
            var first = schedule.FirstAllowed(from, spent);
            Assert.True((first is null) == (schedule.AllowanceAt(WindowSchedule.End) <= spent));
            Assert.True(first is not { } due || schedule.AllowanceAt(due) > spent);
            Assert.True(first is not { } later || later == from || schedule.AllowanceAt(later - 0.002) <= spent);
        });

    [Fact]
    public void A_window_never_counts_from_later_than_it_starts_and_never_opens_before() =>
        Gen.Select(SomeQuota.Seconds(0, 120), SomeQuota.Seconds(0.1, 4), Gen.Double[0, 1], SomeQuota.Seconds(0, 600)).Sample((latest, error, part, later) =>
        {
            var start = new WindowStart(SomeQuota.Start + latest, error, StartBasis.Found, "a", 1);
            var real = start.Latest - (part * error);
            var instant = real + later;
            var window = real + (Math.Floor((instant - real) / WindowStart.Length) * WindowStart.Length);
            Assert.True(start.WindowOf(instant) <= window || start.WindowOf(instant) > window + WindowStart.Length - error - WindowStart.Tick);
            Assert.True(start.WindowOf(window) + start.Error >= window);
        });

    [Fact]
    public void While_it_is_closed_nothing_is_called_before_the_next_window_but_the_one_call_that_seeks_it() =>
        Views.Sample(view =>
        {
            var closed = view with { Current = view.Current with { Hit = true } };
            var (at, alone) = QuotaOpening.NextCall(closed, closed.Current.Start.AddSeconds(30));
            var awaits = closed.Start.Basis == StartBasis.Sought && closed.Current.Passed == 0 && closed.Start.By != view.Share.Me;
            Assert.True(at >= closed.Current.End || awaits || (alone && !closed.Start.IsFound), $"{at:O} {alone}");
        });
}
