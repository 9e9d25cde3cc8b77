using System.Globalization;
using System.Text.Json.Nodes;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Worker;

/// <summary>Jobs through a worker in a process of its own: those that wait, and those that only look.</summary>
public sealed class JobWorkerTests : IAsyncLifetime
{
    private const int Resources = 6;

    private CrashSite? _site;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private CrashSite Site => _site!;

    public async ValueTask InitializeAsync()
    {
        _site = await CrashSite.StartAsync(CrashWorld.Create(Resources, withFaults: false), folder => Task.FromResult(WorkerLedger.Sqlite(folder)), Stop);
        _site.StartWorker();
        await _site.Worker.LineAsync("ready: removals,removals-incident,removals-jobs and outcomes", Stop);
    }

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task A_dry_run_looks_and_changes_nothing()
    {
        await Site.SendAsync([JobBody.Of("JOB-7", Resources, Member("dryRun", true))], Stop);

        var counts = await EndAsync();

        Assert.Equal(Resources, (int)counts["Planned"]!);
        Assert.Equal(0, Leaves);
    }

    [Fact]
    public async Task A_job_that_may_not_begin_yet_waits_for_its_time()
    {
        var at = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(6);
        await Site.SendAsync([JobBody.Of("JOB-7", Resources, Member("notBefore", at.ToString("O", CultureInfo.InvariantCulture)))], Stop);

        var counts = await EndAsync();

        Assert.Equal(Resources, (int)counts["Removed"]!);
        var planned = Assert.Single(Site.Told.Each(), one => (string)one["type"]! == "ungroup.job.Planned.v1");
        Assert.True((DateTimeOffset)planned["data"]!["plannedAt"]! >= at, $"{planned["data"]} was planned before {at:O}.");
        Assert.All(Site.Told.Each(), one => Assert.True((DateTimeOffset)one["time"]! >= at));
    }

    [Fact]
    public async Task A_job_that_comes_during_a_hold_is_planned_and_goes_on_when_the_hold_is_over()
    {
        await UngroupAsync("pause", "--group", CrashWorld.Group, "--reason", "change freeze", "--by", "ops", "--for", "20s");
        await Site.SendAsync([JobBody.Of("JOB-7", Resources)], Stop);
        await Site.Worker.UntilAsync(
            () => Site.Worker.Lines.Any(line => line.Contains("JOB-7/", StringComparison.Ordinal) && line.Contains("change freeze", StringComparison.Ordinal)),
            () => "no request of the job was held", Stop);
        Assert.Equal(0, Leaves);

        var counts = await EndAsync();

        Assert.Equal(Resources, (int)counts["Removed"]!);
        Assert.All(Enumerable.Range(0, Resources), number => Assert.Equal(1, Site.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group)));
    }

    private static KeyValuePair<string, JsonNode?> Member(string name, JsonNode value) => new(name, value);

    private long Leaves => Site.Ecs.Requests.CountOf("LeaveSecurityGroup");

    private async Task<JsonNode> EndAsync()
    {
        await Site.Worker.UntilAsync(
            () => Site.Told.Each().Any(one => (string)one["type"]! == "ungroup.job.Ended.v1"), () => $"told {Site.Told.Count}", Stop);
        var ended = Site.Told.Each().Single(one => (string)one["type"]! == "ungroup.job.Ended.v1")["data"]!;
        Assert.Equal("Completed", (string)ended["status"]!);
        Assert.Equal(Resources + 2, Site.Told.Count);
        return ended["counts"]!;
    }

    private async Task UngroupAsync(params string[] arguments)
    {
        var terminal = new Terminal();
        Assert.True(await terminal.RunAsync([.. arguments, .. Site.Ledger.Arguments]) == 0, terminal.Error);
    }
}
