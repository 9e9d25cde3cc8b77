using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Jobs.Selecting;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Jobs;

/// <summary>Selections are read over the real client from the sandbox's ECS, page by page.</summary>
public sealed class LargeSelectionTests : IAsyncDisposable
{
    private EcsSimulator? _ecs;
    private ServiceProvider? _worker;

    public async ValueTask DisposeAsync()
    {
        await (_worker?.DisposeAsync() ?? default);
        await (_ecs?.DisposeAsync() ?? default);
    }

    [Fact]
    public async Task Five_thousand_are_selected_of_a_group_of_ten_thousand()
    {
        var job = await PlannedAsync(
            """
            { "many": 5000, "instanceId": "i-dev-{0001}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "dev" } },
            { "many": 3000, "instanceId": "i-prod-{0001}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "prod" } },
            { "many": 1000, "instanceId": "i-kept-{0001}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "dev", "protect": "true" } },
            { "many": 500, "instanceId": "i-away-{0001}", "securityGroupIds": ["sg-base"], "tags": { "env": "dev" } }
            """,
            """
            { "many": 500, "networkInterfaceId": "eni-dev-{0001}", "instanceId": "i-dev-{0001}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "dev" } },
            { "many": 500, "networkInterfaceId": "eni-kept-{0001}", "instanceId": "i-kept-{0001}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "dev" } }
            """);

        Assert.Equal((JobState.AwaitingApproval, 5_500, 10_000), (job.State, job.Plan!.Count, job.Plan.Members));
        var plan = await _worker!.GetRequiredService<JobStore>().ReadPlanAsync(job.Request.Key, job.Plan.Rows, Terminal.Patience).ToListAsync(Terminal.Patience);
        Assert.Equal(
            [.. Enumerable.Range(1, 500).Select(number => $"eni-dev-{number:D4}"), .. Enumerable.Range(1, 5_000).Select(number => $"i-dev-{number:D4}")],
            plan.Select(item => item.Resource));
        Assert.All(plan, item => Assert.Equal(["sg-base", "sg-legacy"], item.Groups));
    }

    [Fact]
    public async Task A_list_whose_next_page_is_refused_is_read_from_its_start()
    {
        var job = await PlannedAsync(
            """{ "many": 450, "instanceId": "i-{1}", "securityGroupIds": ["sg-base", "sg-legacy"], "tags": { "env": "dev" } }""", "",
            """{ "on": "sg-legacy", "action": "DescribeInstances", "kind": "code:InvalidParameter.NextToken", "after": 3 }""");

        Assert.Equal((JobState.AwaitingApproval, 450), (job.State, job.Plan!.Count));
        Assert.Equal(3 + 1 + 5, _ecs!.Requests.CountOf("DescribeInstances"));
    }

    private async Task<JobHead> PlannedAsync(string instances, string interfaces, string faults = "")
    {
        _ecs = await EcsSimulator.StartAsync(World.Parse($$"""
            {
              "accounts": [{ "name": "default", "accountId": "1", "accessKeyId": "key", "accessKeySecret": "secret" }],
              "regions": [{
                "regionId": "cn-hangzhou", "securityGroups": [{ "securityGroupId": "sg-base" }, { "securityGroupId": "sg-legacy" }],
                "instances": [{{instances}}], "networkInterfaces": [{{interfaces}}]
              }],
              "faults": [{{faults}}]
            }
            """, "world.json"));
        _worker = Services(_ecs.Address);
        var taken = await _worker.GetRequiredService<JobDoor>().TakeAsync(
            Message("""{ "jobId": "JOB-1", "securityGroupId": "sg-legacy", "approval": "required", "select": { "memberOf": "sg-legacy", "tags": { "env": "dev" }, "exceptTags": { "protect": "true" } } }"""),
            JobReader.LongestBody, Terminal.Patience);
        Assert.IsType<JobTaken.Accepted>(taken);
        var jobs = _worker.GetRequiredService<JobStore>();
        var planner = _worker.GetRequiredService<JobPlanner>();
        var job = (await jobs.ReadAsync(new("default", "JOB-1"), Terminal.Patience))!;
        for (var head = job.Head.BeginningToPlan(TimeProvider.System.GetUtcNow()); head.Plan is null;)
        {
            var page = Assert.IsType<PlanTurn.Page>(await planner.ReadPageAsync(head, Terminal.Patience));
            job = (await jobs.WriteAsync(job, page.Next, page.Rows, Terminal.Patience))!;
            head = job.Head;
        }

        return job.Head;
    }

    private static Delivery Message(string body) =>
        new() { MessageId = "m-1", Body = Encoding.UTF8.GetBytes(body), ContentType = "application/json", EnqueuedAt = TimeProvider.System.GetUtcNow() };

    private static ServiceProvider Services(Uri ecs) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Func<double>>(() => 0.5)
        .AddSingleton<IOutcomeBus, NoBus>()
        .AddSingleton<IRequestBus, NoBus>()
        .AddUngroup(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ledger:Kind"] = "Memory",
            ["Ecs:Endpoint"] = ecs.ToString(),
            ["Accounts:default:Credentials"] = "Static",
            ["Accounts:default:AccessKeyId"] = "key",
            ["Accounts:default:AccessKeySecret"] = "secret",
            ["Accounts:default:DefaultRegion"] = "cn-hangzhou",
        }).Build())
        .AddJobs()
        .BuildServiceProvider();

    private sealed class NoBus : IOutcomeBus, IRequestBus
    {
        public Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task SendAsync(string queue, IReadOnlyList<OutgoingRequest> messages, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
