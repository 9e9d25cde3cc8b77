using System.Diagnostics;
using System.Globalization;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Ungroup.EndToEnd.Tests.Crash;
using Ungroup.FunctionsHost;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.EndToEnd.Tests.Functions;

/// <summary>The app's own process behind a broker and an ECS, with what can happen to it.</summary>
public sealed class FunctionAppTests : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync()
    {
        _scratch.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_message_of_a_worker_process_that_is_killed_is_delivered_again_and_done_once()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Parse(CallsUnderWay.World(4, delayMs: 1500), "world"));
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);
        var first = app.Host.WorkerProcessId;
        await cloud.SendAsync(Enumerable.Range(1, 4).Select(CallsUnderWay.Request), Stop);
        await app.UntilAsync(async () => await CallsUnderWay.CountAsync(cloud.Ecs.Address, Stop) > 0, () => "no call began", Stop);

        Kill("KILL", first);

        await app.UntilAsync(() => told.Count == 4, () => $"told {told.Count} of 4", Stop);
        Assert.NotEqual(first, app.Host.WorkerProcessId);
        Assert.Contains(app.Told, sentence => sentence.StartsWith("The worker process of the function app is gone (exit code ", StringComparison.Ordinal));
        Assert.Contains(app.Began, message => message.DeliveryCount > 1);
        AssertRemovedOnce(cloud, told, 4);
    }

    [Fact]
    public async Task A_worker_process_that_cannot_be_kept_alive_is_given_up_with_a_sentence_and_no_message_is_lost()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Parse(CallsUnderWay.World(4, delayMs: 60_000), "world"));
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);
        await cloud.SendAsync(Enumerable.Range(1, 4).Select(CallsUnderWay.Request), Stop);

        while (!app.Host.Completion.IsCompleted)
        {
            await WaitAsync(() => app.Host.Completion.IsCompleted || app.Host.WorkerProcessId != 0);
            if (app.Host.WorkerProcessId is var process and not 0)
            {
                Kill("KILL", process);
                await WaitAsync(() => app.Host.WorkerProcessId != process);
            }
        }

        var given = await Assert.ThrowsAsync<FunctionsHostException>(() => app.Host.Completion);
        Assert.StartsWith("The function app died 4 times within a minute, the last time: exit code ", given.Message, StringComparison.Ordinal);
        await app.Host.StopAsync();

        // One for each process that lived, and no more: ten make a dead letter.
        Assert.All(app.Began, message => Assert.InRange(message.DeliveryCount, 1, 5));

        // Each is there, or its copy, or both where the process died in between.
        await WaitAsync(() => cloud.Queue("removals") is { Locked: 0, DeadLettered: 0 } left && left.Active + left.Scheduled >= 4, () => $"{cloud.Queue("removals")}");
    }

    [Fact]
    public async Task An_app_that_refuses_its_settings_is_not_started_again_and_says_why()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Sample);
        await using var app = new FunctionApp();
        app.Settings["Ecs__QuickTries"] = "0";

        var refused = await Assert.ThrowsAsync<FunctionsHostException>(() => app.StartAsync(cloud, Stop));

        Assert.StartsWith("The function app did not start: exit code 2.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("QuickTries", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_that_ran_out_is_not_found_by_the_host_and_its_message_is_answered_from_the_ledger()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Parse(CallsUnderWay.World(1, delayMs: 5000), "world"), TimeSpan.FromSeconds(2));
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp
        {
            AppDirectory = FunctionApp.CopyWith(_scratch, """{ "version": "2.0", "extensions": { "serviceBus": { "maxAutoLockRenewalDuration": "00:00:00" } } }"""),
        };
        await app.StartAsync(cloud, Stop);
        await cloud.SendAsync([CallsUnderWay.Request(1)], Stop);

        await app.UntilAsync(() => cloud.Queue("removals") is { Active: 0, Locked: 0, Scheduled: 0 } && told.Count == 1, () => "not settled", Stop);
        await app.UntilAsync(() => app.Lines.Any(IsLost), () => "nobody said that the lock was lost", Stop);

        AssertRemovedOnce(cloud, told, 1);

        static bool IsLost(AppLogLine line) => line.Message.StartsWith("The lock of m-1 was lost before it was settled;", StringComparison.Ordinal)
            && line.Message.Contains("LockToken ", StringComparison.Ordinal)
            && line.Message.Contains(" not found.", StringComparison.Ordinal)
            && line.InvocationId is not null;
    }

    [Fact]
    public async Task A_message_that_is_no_request_is_dead_lettered_at_its_first_delivery_with_a_sentence()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Sample);
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);

        await cloud.SendAsync([("bad", """{"instanceId":"i-demo-web-1"}""")], Stop);
        await app.UntilAsync(() => told.Count == 1 && cloud.Queue("removals").DeadLettered == 1, () => "no dead letter", Stop);

        await using var client = new ServiceBusClient(cloud.Broker.ConnectionString);
        await using var letters = client.CreateReceiver("removals", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        var letter = await letters.ReceiveMessageAsync(cancellationToken: Stop);
        Assert.Equal("InvalidRequest", letter.DeadLetterReason);
        Assert.Contains("securityGroupId", letter.DeadLetterErrorDescription, StringComparison.Ordinal);
        Assert.Equal(1, Assert.Single(app.Began).DeliveryCount);
        Assert.Equal("Rejected", (string?)Assert.Single(told.Each())["data"]!["status"]);
    }

    [Fact]
    public async Task Twins_that_are_given_to_the_app_at_once_are_done_once()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Parse(CallsUnderWay.World(1, delayMs: 500), "world"));
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);
        var body = CallsUnderWay.Request(1).Body;

        await cloud.SendAsync(Enumerable.Range(1, 8).Select(number => ($"twin-{number}", body)), Stop);
        await app.UntilAsync(
            () => told.Count == 1 && cloud.Queue("removals") is { Active: 0, Locked: 0, Scheduled: 0 }, () => $"told {told.Count}, {cloud.Queue("removals")}", Stop);

        AssertRemovedOnce(cloud, told, 1);
        Assert.Equal(1, await CallsUnderWay.CountAsync(cloud.Ecs.Address, Stop));
    }

    [Fact]
    public async Task A_message_that_has_to_wait_comes_back_as_a_copy_and_is_done_then()
    {
        // Longer than anybody waits with a message in hand.
        const string Throttled = "\"kind\": \"throttle\", \"retryAfterMs\": 8000, \"times\": 1";
        var world = CallsUnderWay.World(1, delayMs: 1).Replace("\"kind\": \"slow\", \"delayMs\": 1, \"times\": 1000", Throttled, StringComparison.Ordinal);
        Assert.Contains(Throttled, world, StringComparison.Ordinal);
        await using var cloud = await RunningCloud.StartAsync(World.Parse(world, "world"));
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);

        await cloud.SendAsync([CallsUnderWay.Request(1)], Stop);
        await app.UntilAsync(() => told.Count == 1 && app.Settled.Count >= 2, () => $"told {told.Count}, settled {app.Settled.Count}", Stop);

        Assert.Equal("m-1", app.Began.First().MessageId);
        Assert.All(app.Began.Skip(1), message => Assert.StartsWith("m-1~", message.MessageId, StringComparison.Ordinal));
        Assert.All(app.Settled, settled => Assert.Equal(MessageVerdict.Completed, settled.Verdict));
        AssertRemovedOnce(cloud, told, 1);
    }

    [Fact]
    public async Task Sixteen_calls_under_way_are_finished_when_the_host_is_asked_to_stop()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Parse(CallsUnderWay.World(40, delayMs: 4000), "world"));
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);
        await cloud.SendAsync(Enumerable.Range(1, 40).Select(CallsUnderWay.Request), Stop);
        await app.UntilAsync(async () => await CallsUnderWay.CountAsync(cloud.Ecs.Address, Stop) >= AtOnce, () => "fewer than 16 calls began", Stop);
        var worker = app.Host.WorkerProcessId;

        await app.Host.StopAsync();

        Assert.Throws<ArgumentException>(() => Process.GetProcessById(worker));
        Assert.Equal(app.Began.Count, app.Settled.Count);
        Assert.InRange(app.Settled.Count, AtOnce, 39);
        await WaitAsync(() => told.Count == app.Settled.Count);
        Assert.Equal(0, cloud.Queue("removals").Locked);
        Assert.Equal(40 - told.Count, cloud.Queue("removals").Active);
        Assert.All(app.Began, message => Assert.Equal(1, message.DeliveryCount));
        AssertRemovedOnce(cloud, told, told.Count);
    }

    [Fact]
    public async Task Sixteen_calls_under_way_are_finished_when_the_worker_process_gets_SIGTERM()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Parse(CallsUnderWay.World(AtOnce, delayMs: 4000), "world"));
        await using var told = cloud.Subscribe();
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);
        await cloud.SendAsync(Enumerable.Range(1, AtOnce).Select(CallsUnderWay.Request), Stop);
        await app.UntilAsync(async () => await CallsUnderWay.CountAsync(cloud.Ecs.Address, Stop) == AtOnce, () => "fewer than 16 calls began", Stop);

        Kill("TERM", app.Host.WorkerProcessId);

        await app.UntilAsync(() => told.Count == AtOnce && app.Settled.Count == AtOnce, () => $"told {told.Count}, settled {app.Settled.Count}", Stop);
        Assert.All(app.Began, message => Assert.Equal(1, message.DeliveryCount));
        AssertRemovedOnce(cloud, told, AtOnce);
    }

    [Fact]
    public async Task A_broker_that_is_killed_ten_times_under_load_loses_nothing_and_nothing_is_done_twice()
    {
        const int Kills = 10;
        const int Requests = 20 * (Kills + 1);
        await using var ecs = await EcsSimulator.StartAsync(World.Parse(CallsUnderWay.World(Requests, delayMs: 300), "world"), ct: Stop);
        await using var broker = new BrokerProcess(Directory.CreateDirectory(_scratch.At("broker")));
        await broker.StartAsync(Stop);
        await using var told = new ToldOutcomes(broker.ConnectionString);
        await using var app = new FunctionApp();
        await app.StartAsync(broker.ConnectionString, ecs.Address, Stop);
        await RunningCloud.SendAsync(broker.ConnectionString, Enumerable.Range(1, Requests).Select(CallsUnderWay.Request), Stop);

        for (var kill = 1; kill <= Kills; kill++)
        {
            var calls = kill * Requests / (Kills + 1);
            await app.UntilAsync(async () => await CallsUnderWay.CountAsync(ecs.Address, Stop) >= calls, () => $"fewer than {calls} calls, told {told.Count}", Stop);
            await broker.KillAsync(Stop);
            await broker.StartAsync(Stop);
        }

        await app.UntilAsync(() => told.Count == Requests, () => $"told {told.Count}", Stop);
        await app.UntilAsync(async () => (await QueuePeek.IdsAsync(broker.ConnectionString, "removals", Stop)).Count == 0, () => "messages are left", Stop);
        Assert.All(Enumerable.Range(1, Requests), number => Assert.Equal(1, ecs.World.EffectiveLeaves($"i-{number}", "sg-web")));
        Assert.All(told.Each(), outcome => Assert.Equal("Removed", (string?)outcome["data"]!["status"]));
        Assert.DoesNotContain(app.Lines, line => line.Level >= LogLevel.Error && line.Message.Contains("exception was thrown by the invocation", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_timer_runs_when_it_is_due()
    {
        await using var cloud = await RunningCloud.StartAsync(World.Sample);
        await using var app = new FunctionApp();
        await app.StartAsync(cloud, Stop);

        // Every full minute: the only test that may have to wait for one.
        await app.UntilAsync(
            () => app.Lines.Any(line => line.Message.StartsWith("Executed PublishPending in ", StringComparison.Ordinal)), () => "the timer did not run", Stop);
    }

    private static void AssertRemovedOnce(RunningCloud cloud, ToldOutcomes told, int count)
    {
        Assert.Equal(count, told.Count);
        Assert.All(told.Each(), outcome => Assert.Equal("Removed", (string?)outcome["data"]!["status"]));
        Assert.All(told.Each(), outcome => Assert.Equal(1, cloud.Ecs.World.EffectiveLeaves($"{outcome["subject"]}", "sg-web")));
    }

    private static void Kill(string signal, int process)
    {
        Assert.NotEqual(0, process);
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static async Task WaitAsync(Func<bool> fact, Func<string>? otherwise = null)
    {
        using var time = new CancellationTokenSource(TimeSpan.FromMinutes(2), TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!fact())
        {
            Assert.False(time.IsCancellationRequested, otherwise?.Invoke());
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
