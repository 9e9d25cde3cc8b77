using CsCheck;
using Ungroup.Jobs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

/// <summary>Any end of its requests, and a cancel at any time, held against a model that lives a whole job.</summary>
public sealed class JobStepTests
{
    private static readonly string[] Answers = ["none", "approve", "reject", "nobody"];

    private static readonly Gen<World> Worlds =
        from size in Gen.Int[0, 400]
        from maxFailures in Gen.OneOf(Gen.Const((int?)null), Gen.Int[0, 20].Select(number => (int?)number))
        from failing in Gen.Int[0, 100]
        from cancelAt in Gen.OneOf(Gen.Const(int.MaxValue), Gen.Int[0, 60])
        from expireAt in Gen.OneOf(Gen.Const(int.MaxValue), Gen.Int[0, 60])
        from approval in Gen.Int[0, 3].Select(which => Answers[which])
        from seed in Gen.UInt
        select new World(size, maxFailures, failing, cancelAt, expireAt, approval, new Random((int)(seed & int.MaxValue)));

    [Fact]
    public void Every_resource_of_the_plan_is_counted_once() => Worlds.Sample(world =>
    {
        var end = world.Live();

        Assert.Equal(end.Plan!.Count, end.Counts.Total + end.NotStarted);
        Assert.Equal(world.Issued.Count, end.Counts.Total);
        Assert.Equal(Enumerable.Range(0, world.Issued.Count), world.Issued.Order());
    });

    [Fact]
    public void Nothing_is_issued_once_one_more_than_may_has_failed() => Worlds.Sample(world =>
    {
        world.OnOpen = job => Assert.True(job.Counts.Failures <= job.Plan!.MaxFailures);

        var end = world.Live();

        var isOver = end.Counts.Failures > end.Plan!.MaxFailures && end.NotStarted > 0;
        Assert.True(end.EndedAs == JobEnd.Stopped ? isOver : !isOver || world.WasCancelled || world.WasLate);
    });

    [Fact]
    public void It_ends_completed_where_nothing_is_left_undone_and_as_something_else_where_it_is() => Worlds.Sample(world =>
    {
        var end = world.Live();

        Assert.Equal(end.NotStarted == 0, end.EndedAs == JobEnd.Completed);
    });

    [Fact]
    public void Nothing_is_issued_before_somebody_has_approved() => Worlds.Sample(world =>
    {
        world.OnOpen = job => Assert.True(!job.NeedsApproval || job.Approval is { IsApproved: true });

        var end = world.Live();

        Assert.True(end.EndedAs != JobEnd.Rejected || world is { Approval: "reject", Issued.Count: 0 });
    });

    [Fact]
    public void Nothing_new_is_issued_after_a_cancel_or_the_end_of_its_time() => Worlds.Sample(world =>
    {
        world.OnOpen = job => Assert.True(job.Cancel is null && !world.IsLate);

        world.Live();
    });

    [Fact]
    public void Every_event_is_told_and_the_end_is_told_last() => Worlds.Sample(world =>
    {
        var end = world.Live();

        Assert.Equal(world.Told.Distinct(), world.Told);
        Assert.Equal(JobEvents.Planned, world.Told[0]);
        Assert.Equal(JobEvents.Ended, world.Told[^1]);
        Assert.True(end.Approval is null || world.Told.Contains(JobEvents.AwaitingApproval));
    });

    [Fact]
    public void Ten_thousand_that_all_fail_end_with_seven()
    {
        var world = new World(10_000, 5, failing: 100, int.MaxValue, int.MaxValue, "none", new Random(1));

        var end = world.Live();

        Assert.Equal((JobEnd.Stopped, 7, 7, 9_993), (end.EndedAs!.Value, end.Counts.Failures, world.Issued.Count, end.NotStarted));
    }

    [Fact]
    public void Zero_failures_allowed_stops_at_the_first()
    {
        var end = new World(10, 0, failing: 100, int.MaxValue, int.MaxValue, "none", new Random(1)).Live();

        Assert.Equal((JobEnd.Stopped, 1, 9), (end.EndedAs!.Value, end.Counts.Total, end.NotStarted));
    }

    [Fact]
    public void Portions_double_up_to_a_hundred()
    {
        var world = new World(500, null, failing: 0, int.MaxValue, int.MaxValue, "none", new Random(1));
        var sizes = new List<int>();
        world.OnOpened = portion => sizes.Add(portion.Count);

        world.Live();

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 100, 100, 100, 73], sizes);
    }

    [Fact]
    public void It_waits_for_its_time_and_no_longer_than_it_has()
    {
        var job = SomeJob.Head(SomeJob.Request with { NotBefore = Some.Now.AddHours(2), ExpiresAt = Some.Now.AddHours(3) });

        Assert.Equal(new JobStep.Wait(Some.Now.AddHours(2)), JobStep.Of(job, null, Some.Now));
        Assert.Equal(new JobStep.BeginPlanning(), JobStep.Of(job, null, Some.Now.AddHours(2)));
        Assert.Equal(new JobStep.End(JobEnd.Expired), JobStep.Of(job, null, Some.Now.AddHours(3)));
    }

    [Fact]
    public void An_approval_is_waited_for_three_days_or_until_the_job_expires()
    {
        var job = (SomeJob.Head() with { NeedsApproval = true }).Planned(SomeJob.Plan(3)).With(JobEvents.Planned).With(JobEvents.AwaitingApproval);
        var sooner = job with { Request = job.Request with { ExpiresAt = Some.Now.AddDays(1) } };

        Assert.Equal(new JobStep.Wait(Some.Now.AddDays(3)), JobStep.Of(job, null, Some.Now));
        Assert.Equal(new JobStep.End(JobEnd.Expired), JobStep.Of(job, null, Some.Now.AddDays(3)));
        Assert.Equal(new JobStep.Wait(Some.Now.AddDays(1)), JobStep.Of(sooner, null, Some.Now));
        Assert.Equal(new JobStep.End(JobEnd.Expired), JobStep.Of(sooner, null, Some.Now.AddDays(1)));
    }

    [Fact]
    public void A_clock_that_is_set_back_takes_no_stop_back()
    {
        var job = SomeJob.Head(SomeJob.Request with { ExpiresAt = Some.Now.AddHours(1) }).Planned(SomeJob.Plan(10)).With(JobEvents.Planned)
            .With(new Portion(0, 0, 1)).Issued(Some.Now).Stopping(JobEnd.Expired).WithClosed(JobCounts.Of([SomeJob.Result(0, "Removed")]));

        Assert.Equal(new JobStep.End(JobEnd.Expired), JobStep.Of(job, null, Some.Now));
    }

    [Fact]
    public void Requests_that_nobody_has_taken_up_are_sent_again_after_a_while()
    {
        var job = SomeJob.Head().Planned(SomeJob.Plan(10)).With(JobEvents.Planned).With(new Portion(0, 0, 1)).Issued(Some.Now);

        Assert.Equal(new JobStep.Wait(null), JobStep.Of(job, new(1, JobCounts.None, Untouched: 1), Some.Now.AddMinutes(10)));
        Assert.Equal(new JobStep.Issue(job.Open!), JobStep.Of(job, new(1, JobCounts.None, Untouched: 1), Some.Now.AddMinutes(11)));
        Assert.Equal(new JobStep.Wait(null), JobStep.Of(job, new(1, JobCounts.None), Some.Now.AddMinutes(11)));
    }

    /// <summary>A queue, a driver that may be gone after any step, and people.</summary>
    private sealed class World(int size, int? maxFailures, int failing, int cancelAt, int expireAt, string approval, Random chance)
    {
        private readonly Dictionary<int, ChildResult> _ended = [];
        private int _turn;

        public string Approval => approval;

        public HashSet<int> Issued { get; } = [];

        public List<JobEvents> Told { get; } = [];

        public Action<JobHead> OnOpen { get; set; } = _ => { };

        public Action<Portion> OnOpened { get; set; } = _ => { };

        public bool WasCancelled { get; private set; }

        public bool WasLate => expireAt <= _turn;

        public bool IsLate => _turn >= expireAt;

        private DateTimeOffset Now => Some.Now.AddMinutes(_turn);

        public JobHead Live()
        {
            var request = SomeJob.Request with { ExpiresAt = expireAt == int.MaxValue ? null : Some.Now.AddMinutes(expireAt) };
            var job = SomeJob.Head(request) with { NeedsApproval = approval != "none" };
            job = job.BeginningToPlan(Some.Now).Planned(SomeJob.Plan(size, maxFailures));
            for (; ; _turn++)
            {
                Assert.True(_turn < 20_000, "It does not end.");
                job = People(job);
                var step = JobStep.Of(job, job.Open is { IssuedAt: not null } open ? View(open) : null, Now);
                if (step is JobStep.Rest)
                {
                    return job;
                }

                job = Take(job, step);
            }
        }

        private JobHead People(JobHead job)
        {
            if (_turn >= cancelAt && job is { Cancel: null, State: not JobState.Ended })
            {
                WasCancelled = true;
                job = job with { Cancel = new("somebody", Now) };
            }

            if (job.State == JobState.AwaitingApproval && job.Told.HasFlag(JobEvents.AwaitingApproval) && job.Approval is null && approval is "approve" or "reject" && chance.Next(4) == 0)
            {
                job = job with { Approval = new(job.Plan!.Hash, approval == "approve", new("boss", Now), "http") };
                return approval == "approve" ? job with { State = JobState.Running } : job;
            }

            return job;
        }

        // A driver that is gone in the middle of a step leaves the job as it was, whatever it has sent.
        private JobHead Take(JobHead job, JobStep step)
        {
            var isGone = chance.Next(5) == 0;
            switch (step)
            {
                case JobStep.Open open:
                    OnOpen(job);
                    OnOpened(open.Portion);
                    return job.With(open.Portion);

                case JobStep.Issue issue:
                    Issued.UnionWith(Enumerable.Range(issue.Portion.First, isGone ? issue.Portion.Count / 2 : issue.Portion.Count));
                    return isGone ? job : job.Issued(Now);

                case JobStep.Close close:
                    return isGone ? job : job.WithClosed(JobCounts.Of([.. Enumerable.Range(close.Portion.First, close.Portion.Count).Select(at => _ended[at])]));

                case JobStep.Tell tell:
                    if (!isGone)
                    {
                        Told.Add(tell.Event);
                    }

                    return isGone ? job : job.With(tell.Event);

                case JobStep.Stop stop:
                    return job.Stopping(stop.As);

                case JobStep.End end:
                    Assert.NotEqual(JobState.Ended, job.State);
                    return job.Ending(end.As, Now, null);

                case JobStep.Wait { Until: { } until }:
                    _turn += Math.Min(30, Math.Max(0, (int)(until - Now).TotalMinutes - 1));
                    return job;

                default:
                    return job;
            }
        }

        private PortionView View(Portion open)
        {
            foreach (var at in Enumerable.Range(open.First, open.Count).Where(at => !_ended.ContainsKey(at) && chance.Next(3) == 0))
            {
                _ended[at] = SomeJob.Result(at, chance.Next(100) < failing ? "Failed" : "Removed");
            }

            var results = Enumerable.Range(open.First, open.Count).Where(_ended.ContainsKey).Select(at => _ended[at]).ToList();
            return new(open.Count - results.Count, JobCounts.Of(results));
        }
    }
}
