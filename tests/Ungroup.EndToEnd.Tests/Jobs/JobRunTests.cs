using System.Text.Json;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Jobs;

/// <summary>Jobs from the command line to their end, done by a worker in a process of its own.</summary>
public sealed class JobRunTests : IAsyncLifetime
{
    private readonly Scratch _scratch = new();
    private readonly string _ledger;
    private RunningCloud _cloud = null!;
    private CliProcess _worker = null!;

    public JobRunTests() => _ledger = _scratch.File("ledger.db", "");

    public async ValueTask InitializeAsync()
    {
        _cloud = await RunningCloud.StartAsync(World.Parse("""
            {
              "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
              "regions": [{
                "regionId": "cn-hangzhou", "securityGroups": [{ "securityGroupId": "sg-base" }, { "securityGroupId": "sg-legacy" }],
                "instances": [
                  { "many": 12, "instanceId": "i-dev-{01}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "dev" } },
                  { "many": 3, "instanceId": "i-last-{01}", "securityGroupIds": ["sg-legacy"], "tags": { "env": "prod" } }
                ]
              }]
            }
            """, "world.json"));
        _worker = CliProcess.Start(
            ["worker", "--bus", _cloud.Broker.ConnectionString, "--ecs-endpoint", _cloud.Ecs.Address.ToString(), "--ledger-path", _ledger],
            ("UNGROUP__Accounts__default__Credentials", "Static"), ("UNGROUP__Accounts__default__AccessKeyId", "key"), ("UNGROUP__Accounts__default__AccessKeySecret", "secret"));
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _cloud.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task What_failed_is_retried_and_all_of_it_is_restored()
    {
        var list = _scratch.File("ids.csv", $"instanceId,owner\n{string.Concat(Enumerable.Range(1, 12).Select(number => $"i-dev-{number:D2},a\n"))}i-last-01,b\n");

        var said = await RunAsync(1, "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--resources", list, "--reason", "sg-legacy goes", "--wait");
        Assert.StartsWith("Job JOB-1 is written down.\n", said, StringComparison.Ordinal);
        Assert.Contains("\nJOB-1: Ended as Completed.\nAll 13 requests have ended.\n", said, StringComparison.Ordinal);
        Assert.Contains("\n1 failed, first i-last-01: InstanceLastSecurityGroup. ", said, StringComparison.Ordinal);
        Assert.Contains("i-dev-12,JOB-1/i-dev-12,Removed,,", await RunAsync(0, "results", "JOB-1"), StringComparison.Ordinal);
        Assert.Equal(13, JsonElement.Parse(await RunAsync(0, "results", "JOB-1", "--json")).GetProperty("results").GetArrayLength());
        Assert.Equal(["sg-base"], _cloud.Ecs.World.GroupsOf("i-dev-07"));

        _cloud.Ecs.World.Change("""{ "kind": "join", "resource": "i-last-01", "securityGroupId": "sg-base" }""");
        var again = JsonElement.Parse(await RunAsync(0, "retry", "JOB-1", "--wait", "--json"));
        Assert.Equal(("JOB-1:retry-1", "Ended", "Completed"), (Text(again, "jobId"), Text(again, "state"), Text(again, "endedAs")));
        Assert.Equal(1, again.GetProperty("counts").GetProperty("Removed").GetInt32());
        Assert.Contains("Nothing of job JOB-1:retry-1 failed", await RunAsync(1, "retry", "JOB-1:retry-1"), StringComparison.Ordinal);

        Assert.Contains("Counts: Restored 12.\n", await RunAsync(0, "restore", "JOB-1", "--wait", "--timeout", "2m"), StringComparison.Ordinal);
        Assert.Equal(["sg-base", "sg-legacy"], _cloud.Ecs.World.GroupsOf("i-dev-07").Order());
        Assert.Equal(["JOB-1:restore-1", "JOB-1:retry-1", "JOB-1"], JsonElement.Parse(await RunAsync(0, "list", "--json")).GetProperty("jobs").EnumerateArray().Select(job => Text(job, "jobId")));
    }

    [Fact]
    public async Task A_plan_runs_once_somebody_else_has_approved_it()
    {
        await RunAsync(
            0, "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "env=dev", "--most", "5", "--approval", "required", "--by", "inventory");
        var planned = await UntilAsync("JOB-1", "AwaitingApproval");
        Assert.Equal(5, planned.GetProperty("counts").GetProperty("total").GetInt32());
        var plan = Text(planned, "plan")!;

        Assert.Contains("has to be decided by somebody else", await RunAsync(1, "approve", "JOB-1", "--plan", plan, "--by", " Inventory"), StringComparison.Ordinal);
        Assert.Contains("and the decision is about", await RunAsync(1, "approve", "JOB-1", "--plan", $"sha256:{new string('0', 64)}", "--by", "alice"), StringComparison.Ordinal);
        Assert.Equal(["sg-base", "sg-legacy"], _cloud.Ecs.World.GroupsOf("i-dev-01"));
        await RunAsync(0, "approve", "JOB-1", "--plan", plan, "--by", "alice", "--reason", "asked the owners");

        Assert.Contains("Approved by alice, as said, by command line, at ", await RunAsync(0, "watch", "JOB-1", "--timeout", "2m"), StringComparison.Ordinal);
        Assert.Equal(["sg-base"], _cloud.Ecs.World.GroupsOf("i-dev-05"));
        Assert.Equal(["sg-base", "sg-legacy"], _cloud.Ecs.World.GroupsOf("i-dev-06"));
    }

    [Fact]
    public async Task What_is_rejected_cancelled_or_selects_nothing_ends_without_a_change()
    {
        await RunAsync(0, "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "env=dev", "--approval", "required", "--by", "inventory");
        await RunAsync(0, "submit", "--id", "JOB-2", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "env=dev", "--approval", "required", "--by", "inventory");
        await RunAsync(0, "reject", "JOB-1", "--plan", Text(await UntilAsync("JOB-1", "AwaitingApproval"), "plan")!, "--by", "alice", "--reason", "not now");
        await UntilAsync("JOB-2", "AwaitingApproval");
        await RunAsync(0, "cancel", "JOB-2", "--by", "bob");

        Assert.Contains("JOB-1: Ended as Rejected.\nalice rejected the plan (not now); nothing was done.\n", await RunAsync(1, "watch", "JOB-1"), StringComparison.Ordinal);
        Assert.Contains("JOB-2: Ended as Cancelled.\nbob cancelled it; 12 of 12 requests were never issued.\n", await RunAsync(1, "watch", "JOB-2"), StringComparison.Ordinal);
        Assert.Contains(
            "JOB-3: Ended as Completed.\nNo resource was selected, and nothing had to be done.\n",
            await RunAsync(0, "submit", "--id", "JOB-3", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "env=nowhere", "--wait"), StringComparison.Ordinal);
        Assert.Empty(_cloud.Ecs.World.MembershipChanges);
    }

    private async Task<JsonElement> UntilAsync(string job, string state)
    {
        JsonElement status = default;
        await _worker.UntilAsync(
            async () => Text(status = JsonElement.Parse(await RunAsync(0, "status", job, "--json")), "state") == state, () => $"{job} never was {state}", Terminal.Patience);
        return status;
    }

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    /// <summary>The output, standard or, where there was nothing to answer, beside it.</summary>
    private async Task<string> RunAsync(int code, params string[] arguments)
    {
        var terminal = new Terminal();
        string[] bus = arguments[0] is "submit" or "approve" or "reject" or "cancel" or "retry" or "restore" ? ["--bus", _cloud.Broker.ConnectionString] : [];
        var came = await terminal.RunAsync(["job", .. arguments, .. bus, "--ledger-path", _ledger]);
        Assert.True(came == code, $"{came}: {terminal.Error}{terminal.Out}\n{_worker.Output}");
        return terminal.Out.Length > 0 ? terminal.Out : terminal.Error;
    }
}
