using Microsoft.Extensions.Options;
using Ungroup.Jobs;
using Ungroup.Ledger;
using Ungroup.Tests.Ledger;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

/// <summary>Jobs on any store.</summary>
public abstract class JobStoreContract(Stores kind) : StoreContract(kind)
{
    [Fact]
    public async Task A_job_is_added_once()
    {
        var (job, isNew) = await One.AddAsync(Head(), Stop);
        var (again, isNewAgain) = await Two.AddAsync(Head() with { RequestHash = "another" }, Stop);

        Assert.True(isNew);
        Assert.False(isNewAgain);
        Assert.Equal(job.Head.RequestHash, again.Head.RequestHash);
        Assert.Equal((JobState.Scheduled, 3), (again.Head.State, again.Head.Listed));
        Assert.Equal(["eni-3", "i-1", "i-2"], await Two.ReadListAsync(Key, 0, 100, Stop));
    }

    [Fact]
    public async Task Of_many_that_add_a_job_at_once_one_has()
    {
        JobStore[] stores = [One, Two];

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(at => Task.Run(() => stores[at % 2].AddAsync(Head(), Stop))));

        Assert.Single(added, one => one.IsNew);
        Assert.Equal([Key], await One.Index.ReadLiveAsync(Stop));
    }

    [Fact]
    public async Task Ten_thousand_resources_are_read_in_pages()
    {
        var resources = Enumerable.Range(0, 10_000).Select(at => $"i-bp1abcdefghijklmn{at:D6}").ToList();
        await One.AddAsync(Head(SomeJob.Request with { Resources = resources }), Stop);

        Assert.Equal(resources[..100], await Two.ReadListAsync(Key, 0, 100, Stop));
        Assert.Equal(resources[950..1050], await Two.ReadListAsync(Key, 950, 100, Stop));
        Assert.Equal(resources[9_990..], await Two.ReadListAsync(Key, 9_990, 10, Stop));
    }

    [Fact]
    public async Task Everything_a_head_says_is_kept()
    {
        var (job, _) = await One.AddAsync(Head(SomeJob.Selecting), Stop);
        var next = job.Head.BeginningToPlan(Some.Now) with { Planning = new() { BeganAt = Some.Now, Listing = 2, List = 1, Pages = 3, Token = "t", Expected = 9, Next = 4 } };
        job = (await One.WriteAsync(job, next, [], Stop))!;
        Assert.Equal(next.Planning, (await Two.ReadAsync(Key, Stop))!.Head.Planning);

        next = job.Head.Planned(SomeJob.Plan(0, 0) with { Members = 0, LeftOut = [new("eni-9", "why")] }).With(JobEvents.Planned | JobEvents.Ended)
            .With(new Portion(0, 0, 1)).Issued(Some.Now) with
        {
            Cancel = new("somebody", Some.Now, "why"),
            Approval = new("sha256:0", IsApproved: false, new("boss", Some.Now), "http", IsVerified: true),
            Counts = JobCounts.Of([SomeJob.Result(1, "Failed"), SomeJob.Result(2, "Failed"), SomeJob.Result(3, "Removed")]),
        };
        await One.WriteAsync(job, next, [], Stop);

        var read = (await Two.ReadAsync(Key, Stop))!.Head;
        Assert.Equal((next.Open, next.Cancel, next.Approval, next.Told, next.Turn), (read.Open, read.Cancel, read.Approval, read.Told, read.Turn));
        Assert.Equal((2, 3, 0, 0), (read.Counts.Failures, read.Counts.Total, read.Plan!.Count, read.Plan.MaxFailures));
        Assert.Equal(new FailureKind("InvalidInstanceId.NotFound", "i-1 is Failed.", 2, "i-1"), Assert.Single(read.Counts.Kinds));
        Assert.Equal(JobHashes.Of(SomeJob.Selecting), JobHashes.Of(read.Request));
    }

    [Fact]
    public async Task Who_was_overtaken_writes_nothing()
    {
        var (job, _) = await One.AddAsync(Head(), Stop);
        Assert.NotNull(await Two.WriteAsync(job, job.Head with { Cancel = new("somebody", Some.Now) }, [], Stop));

        Assert.Null(await One.WriteAsync(job, job.Head.BeginningToPlan(Some.Now), [JobStore.PlanRow(0, [new("i-1", "cn-hangzhou", null)])], Stop));

        Assert.Empty(await One.ReadPlanAsync(Key, 9, Stop).ToListAsync(Stop));
    }

    [Fact]
    public async Task One_drives_it_until_its_lease_is_over()
    {
        var (job, _) = await One.AddAsync(Head(), Stop);
        var taken = (await One.TakeAsync(job, job.Head.Turn, Stop))!;
        Assert.True(One.IsOurs(taken, 1));

        var read = (await Two.ReadAsync(Key, Stop))!;
        Assert.False(Two.IsOurs(read, 1));
        Assert.Null(await Two.TakeAsync(read, job.Head.Turn, Stop));

        await PassAsync(Lease);
        var next = await Two.TakeAsync((await Two.ReadAsync(Key, Stop))!, job.Head.Turn, Stop);
        Assert.Equal(2, next!.Head.Epoch);
        Assert.Null(await One.WriteAsync(taken, taken.Head.BeginningToPlan(Some.Now), [], Stop));
    }

    [Fact]
    public async Task A_plan_is_read_by_portions_and_proven_by_its_hash()
    {
        var (job, _) = await One.AddAsync(Head(), Stop);
        PlanItem[] items = [.. Enumerable.Range(0, 250).Select(at => new PlanItem($"i-{at:D4}", "cn-hangzhou", at % 2 == 0 ? null : ["sg-a", $"sg-{at}"]))];
        using var hash = JobHashes.BeginPlan(job.Head.Request, items.Length, 25);
        Array.ForEach(items, item => JobHashes.Add(hash, item));
        var planned = job.Head.Planned(SomeJob.Plan(250) with { Hash = hash.Take(), Rows = 3 });
        var rows = items.Chunk(One.RowSize).Select((part, at) => JobStore.PlanRow(at, part)).ToList();
        job = (await One.WriteAsync(job, planned, rows, Stop))!;

        Assert.Equal(["i-0000"], (await Two.ReadPortionAsync(Key, new(0, 0, 1), Stop)).Select(item => item.Resource));
        Assert.Equal(items[63..163].Select(item => item.Resource), (await Two.ReadPortionAsync(Key, new(7, 63, 100), Stop)).Select(item => item.Resource));
        Assert.Equal(["sg-a", "sg-249"], (await Two.ReadPortionAsync(Key, new(9, 240, 10), Stop))[^1].Groups!);
        Assert.True(await Two.IsWholeAsync(job.Head, Stop));

        await One.WriteAsync(job, job.Head, [JobStore.PlanRow(1, items[100..199])], Stop);
        Assert.False(await Two.IsWholeAsync(job.Head, Stop));
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => Two.ReadPortionAsync(Key, new(8, 100, 100), Stop));
    }

    [Fact]
    public async Task Results_come_in_the_order_of_the_plan()
    {
        var (job, _) = await One.AddAsync(Head(), Stop);
        job = (await One.WriteAsync(job, job.Head, [JobStore.ResultRow(10, [SomeJob.Result(3, "Failed")])], Stop))!;
        await One.WriteAsync(job, job.Head, [JobStore.ResultRow(9, [SomeJob.Result(1, "Removed"), SomeJob.Result(2, "Removed")])], Stop);

        Assert.Equal(["i-1", "i-2", "i-3"], await Two.ReadResultsAsync(Key, Stop).Select(result => result.Resource).ToListAsync(Stop));
    }

    [Fact]
    public async Task Pages_of_an_earlier_listing_are_not_read_again()
    {
        var (job, _) = await One.AddAsync(Head(), Stop);
        await One.WriteAsync(
            job, job.Head, [JobStore.PageRow(1, 0, [new("i-1", ["sg-a"], Fits: true)]), JobStore.PageRow(2, 0, [new("eni-2", ["sg-a"], Fits: false, "why") { Instance = "i-1" }])], Stop);

        var found = Assert.Single(await Two.ReadFoundAsync(Key, 2, Stop).ToListAsync(Stop));
        Assert.Equal(("eni-2", false, "why", "i-1"), (found.Resource, found.Fits, found.LeftOut, found.Instance));
    }

    [Fact]
    public async Task The_newest_are_listed_first_and_page_by_page()
    {
        foreach (var at in Enumerable.Range(1, 3))
        {
            await One.AddAsync(Head(SomeJob.Request with { JobId = $"JOB:{at}" }) with { CreatedAt = Some.Now.AddMinutes(at) }, Stop);
        }

        var page = await Two.Index.ReadNewestAsync(null, 2, Stop);
        var rest = await Two.Index.ReadNewestAsync(page[^1].Row, 2, Stop);

        Assert.Equal(["JOB:3", "JOB:2", "JOB:1"], page.Concat(rest).Select(one => one.Key.JobId));
        Assert.Equal(Some.Now.AddMinutes(3), page[0].CreatedAt);
    }

    [Fact]
    public async Task A_job_that_is_done_is_no_longer_live_and_is_forgotten_when_its_time_is_over()
    {
        var (job, _) = await One.AddAsync(Head(SomeJob.Request with { Resources = [.. Enumerable.Range(0, 2_000).Select(at => $"i-{at:D4}")] }), Stop);
        var ended = job.Head.Ending(JobEnd.Completed, Clock.GetUtcNow() - Options.Create(new LedgerOptions()).Value.Keep - TimeSpan.FromMinutes(1), null);
        await One.WriteAsync(job, ended, [JobStore.PlanRow(0, [])], Stop);
        Assert.Equal(0, await One.ForgetAsync(Stop));

        await One.RestAsync(ended, Stop);
        await One.RestAsync(ended, Stop);
        Assert.Empty(await Two.Index.ReadLiveAsync(Stop));
        Assert.Equal(1, await Two.ForgetAsync(Stop));

        Assert.Null(await One.ReadAsync(Key, Stop));
        Assert.Empty(await One.Index.ReadNewestAsync(null, 10, Stop));
        Assert.Equal(0, await Two.ForgetAsync(Stop));
        Assert.True((await One.AddAsync(Head(), Stop)).IsNew);
    }

    private static JobKey Key => SomeJob.Request.Key;

    private static JobHead Head(JobRequest? request = null) => SomeJob.Head(request) with { Request = request ?? SomeJob.Request };

    private JobStore One => field ??= Create("one");

    private JobStore Two => field ??= Create("two");

    private JobStore Create(string name)
    {
        var owner = new LedgerOwner(name);
        return new(StoreOf(owner), owner, Options.Create(new LedgerOptions { Lease = Lease }), Clock);
    }
}
