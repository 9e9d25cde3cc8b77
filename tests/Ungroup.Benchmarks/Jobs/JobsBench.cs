using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Spectre.Console;
using Ungroup.Benchmarks.Processes;
using Ungroup.Cli;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Benchmarks.Jobs;

/// <summary>A broker and an ECS with quotas in this process, a worker in another, and the commands of an operator.</summary>
internal sealed class JobsBench : IAsyncDisposable
{
    public const int CallsAMinute = 1_000;

    private const string JobQueue = "removals-jobs";

    private static readonly string[] Apis = ["LeaveSecurityGroup", "DescribeInstances", "DescribeNetworkInterfaces"];
    private static readonly string[] Queues = [BrokerServer.Requests, BrokerServer.Incidents, JobQueue];
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);

    private readonly ServiceBusBroker _broker;
    private readonly EcsSimulator _ecs;
    private readonly AzuriteTables? _tables;
    private readonly WorkerProcess _worker;
    private readonly int _instances;
    private int _incidents;
    private bool _isStopped;

    private JobsBench(ServiceBusBroker broker, EcsSimulator ecs, AzuriteTables? tables, WorkerProcess worker, int instances) =>
        (_broker, _ecs, _tables, _worker, _instances) = (broker, ecs, tables, worker, instances);

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    public long Memory => _worker.Process.Memory;

    public long MostMemory { get; private set; }

    public long MemoryAfterATenth { get; private set; }

    public TimeSpan Cpu => _worker.Process.Cpu;

    /// <summary>Outcome events that nobody has taken.</summary>
    public long Told => _broker.Counts().Single(queue => queue.Name == BrokerServer.Outcomes).Active;

    public long LedgerBytes => _worker.LedgerBytes;

    /// <summary>Null where nobody counts them.</summary>
    public long? Transactions => _tables?.Requests;

    public static async Task<JobsBench> StartAsync(int instances, bool isTable)
    {
        var ecs = await EcsSimulator.StartAsync(BenchmarkWorld.Of(instances, [.. Apis.Select(action => (action, CallsAMinute))]));
        var broker = await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [.. Queues.Append(BrokerServer.Outcomes).Select(name => new QueueOptions { Name = name })] });
        var tables = isTable ? await AzuriteTables.StartAsync() : null;
        return new(broker, ecs, tables, WorkerProcess.StartForJobs(broker.ConnectionString, ecs.Address, tables?.ConnectionString, CallsAMinute, Apis), instances);
    }

    public async Task SubmitAsync(string job, int first, int count)
    {
        var list = Path.GetTempFileName();
        await File.WriteAllLinesAsync(list, Enumerable.Range(first, count).Select(BenchmarkWorld.Instance));
        await AskAsync("job", "submit", "--id", job, "--group", BenchmarkWorld.Group, "--region", BenchmarkWorld.Region, "--resources", list, "--reason", "measured");
        File.Delete(list);
    }

    /// <summary>How many of a job's requests were called by then; at least so many.</summary>
    public async Task<int> UntilCalledAsync(string job, int count)
    {
        var before = CallsSince(default).Count(call => call.Action == Apis[0]) - await DoneAsync(job);
        while (true)
        {
            var called = CallsSince(default).Count(call => call.Action == Apis[0] && call.Code is null) - before;
            if (called >= count)
            {
                MemoryAfterATenth = Math.Max(MemoryAfterATenth, Memory);
                return called;
            }

            await GlanceAsync();
        }
    }

    /// <param name="job">The job.</param>
    /// <param name="toldBefore">How many outcome events there will be by then: who asks for the status before reads the open portion, which nobody should count.</param>
    public async Task<JsonElement> UntilEndedAsync(string job, int toldBefore = 0)
    {
        while (Told < toldBefore)
        {
            await GlanceAsync();
        }

        while (true)
        {
            if (await TryStatusAsync(job) is { } status && status.GetProperty("state").GetString() == "Ended")
            {
                return status;
            }

            await GlanceAsync();
        }
    }

    /// <summary>Single removals by the queue of incidents, one after the other: the median and the longest time to their calls, in ms.</summary>
    public async Task<string> IncidentsAsync(int count)
    {
        await using var client = new ServiceBusClient(_broker.ConnectionString);
        var sender = client.CreateSender(BrokerServer.Incidents);
        List<double> times = [];
        for (; count > 0; count--)
        {
            var instance = BenchmarkWorld.Instance(_instances - 1 - _incidents++);
            var sent = Now;
            await sender.SendMessageAsync(new($$"""{"requestId":"incident-{{_incidents}}","instanceId":"{{instance}}","securityGroupId":"{{BenchmarkWorld.Group}}","regionId":"{{BenchmarkWorld.Region}}","origin":"incident"}"""));
            DateTimeOffset? called = null;
            while (called is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
                called = CallsSince(sent).FirstOrDefault(call => call.Effective && call.Parameters.Values.Contains(instance))?.At;
            }

            times.Add((called.Value - sent).TotalMilliseconds);
        }

        times.Sort();
        return string.Create(CultureInfo.InvariantCulture, $"{times[times.Count / 2]:N0}, at most {times[^1]:N0}");
    }

    public IReadOnlyList<LoggedRequest> CallsSince(DateTimeOffset instant) => [.. _ecs.Requests.Snapshot().Where(call => call.At >= instant)];

    public string LastCallAfter(DateTimeOffset instant) =>
        CallsSince(instant) is [.., var last] ? (last.At - instant).TotalSeconds.ToString("N1", CultureInfo.InvariantCulture) : "none";

    /// <summary>Each queue numbers what is sent to it.</summary>
    public async Task CountMessagesAsync()
    {
        await StopAsync();
        await using var client = new ServiceBusClient(_broker.ConnectionString);
        foreach (var queue in Queues)
        {
            await client.CreateSender(queue).SendMessageAsync(new("the last"));
            var last = (await client.CreateReceiver(queue).PeekMessagesAsync(100)).Max(message => message.SequenceNumber);
            Console.WriteLine($"messages and copies that were sent to {queue}: {last - 1:N0}");
        }

        Console.WriteLine($"outcome events: {Told:N0}");
    }

    /// <summary>A command of <c>ungroup</c>, with the worker's settings.</summary>
    public async Task<string> AskAsync(params string[] arguments)
    {
        var (said, wrong) = (new StringWriter(CultureInfo.InvariantCulture), new StringWriter(CultureInfo.InvariantCulture));
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        var code = await CommandLine.RunAsync([.. arguments, "--settings", _worker.Settings], new Shell(console, said, wrong, () => Stream.Null, TimeProvider.System, () => 0.5), CancellationToken.None);
        return code == ExitCode.Done ? said.ToString() : throw new InvalidOperationException($"ungroup {string.Join(' ', arguments)} ended with {code}: {wrong}{said}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _broker.DisposeAsync();
        await _ecs.DisposeAsync();
        if (_tables is not null)
        {
            await _tables.DisposeAsync();
        }
    }

    private async Task StopAsync()
    {
        if (!_isStopped)
        {
            _isStopped = true;
            await _worker.DisposeAsync();
        }
    }

    private async Task<int> DoneAsync(string job) =>
        await TryStatusAsync(job) is { } status && status.GetProperty("counts").TryGetProperty("Removed", out var removed) ? removed.GetInt32() : 0;

    /// <summary>Null where a store that is busy has not answered.</summary>
    private async Task<JsonElement?> TryStatusAsync(string job)
    {
        try
        {
            return JsonElement.Parse(await AskAsync("job", "status", job, "--json"));
        }
        catch (InvalidOperationException late)
        {
            Console.WriteLine(late.Message);
            return null;
        }
    }

    private async Task GlanceAsync()
    {
        MostMemory = Math.Max(MostMemory, Memory);
        await Task.Delay(Glance, TimeProvider.System);
    }
}
