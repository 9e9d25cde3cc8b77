using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs.Changes;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

/// <summary>A worker with jobs, its queues and a ledger that outlives it.</summary>
internal sealed class JobBench : IRequestBus, IAsyncDisposable
{
    private readonly List<ServiceProvider> _workers = [];
    private readonly List<(string Queue, Delivery Message)> _queued = [];
    private readonly (string Key, string Value)[] _settings;

    public JobBench(params (string Key, string Value)[] settings)
    {
        _settings = settings;
        Store = new(Clock);
        Restart();
    }

    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public MemoryLedgerStore Store { get; }

    public GroupWorld World { get; } = new();

    public RecordingBus Outcomes { get; } = new();

    /// <summary>Sends fail after so many messages of a batch.</summary>
    public int? BreaksAfter { get; set; }

    /// <summary>Messages of the queue of jobs that were delivered.</summary>
    public int Drives { get; private set; }

    /// <summary>Every request that came to a queue, however often.</summary>
    public List<string> Sent { get; } = [];

    public JobDecisions Decisions => Get<JobDecisions>();

    /// <summary>Another process goes on with the same ledger and the same queues.</summary>
    public void Restart() => _workers.Add(Services());

    public T Get<T>()
        where T : notnull => _workers[^1].GetRequiredService<T>();

    public Task SendAsync(string queue, IReadOnlyList<OutgoingRequest> messages, CancellationToken cancellationToken)
    {
        foreach (var (at, message) in messages.Index())
        {
            if (at == BreaksAfter)
            {
                BreaksAfter = null;
                throw new TimeoutException("The bus is away.");
            }

            Sent.Add(message.MessageId);
            Enqueue(queue, new() { MessageId = message.MessageId, Body = message.Body, ContentType = "application/json", EnqueuedAt = Clock.GetUtcNow() });
        }

        return Task.CompletedTask;
    }

    public async Task<JobTaken> SubmitAsync(string body) => await Get<JobDoor>().TakeAsync(
        new() { MessageId = "m-door", Body = Encoding.UTF8.GetBytes(body), ContentType = "application/json", EnqueuedAt = Clock.GetUtcNow() }, JobReader.LongestBody, Stop);

    /// <summary>Submits a job and delivers until nothing is on the queues.</summary>
    public async Task<JobView> RunAsync(string body, Func<JobView, Task>? each = null)
    {
        var taken = Assert.IsType<JobTaken.Accepted>(await SubmitAsync(body));
        return await DeliverAsync(taken.Job.Request.Key, each);
    }

    /// <summary>Delivers, in the order of their times, what is on the queues.</summary>
    /// <param name="key">The job that is looked at.</param>
    /// <param name="each">After each delivery of its driver.</param>
    /// <param name="until">Stops before a message that comes later; null: never.</param>
    public async Task<JobView> DeliverAsync(JobKey key, Func<JobView, Task>? each = null, DateTimeOffset? until = null)
    {
        for (var deliveries = 0; _queued.Count > 0 && _queued.Min(one => one.Message.EnqueuedAt) is var at && !(at > until); deliveries++)
        {
            Assert.True(deliveries < 20_000, "It does not end.");
            var next = _queued.First(one => one.Message.EnqueuedAt == at);
            _queued.Remove(next);
            if (at > Clock.GetUtcNow())
            {
                Clock.SetUtcNow(at);
            }

            await DeliverAsync(next.Queue, next.Message);
            if (each is not null && next.Queue == QueueNames.Jobs)
            {
                await each(await StatusAsync(key));
            }
        }

        return await StatusAsync(key);
    }

    public async Task DeliverAsync(string queue, Delivery message)
    {
        Drives += queue == QueueNames.Jobs ? 1 : 0;
        var settlement = await RunAsync(queue == QueueNames.Jobs
            ? Get<JobHandler>().HandleAsync(message, Stop)
            : Get<RemovalHandler>().HandleAsync(message, Stop));
        if (settlement is Settlement.Postpone postpone)
        {
            var copy = PostponedCopy.Of(PostponedCopy.Restore(message), postpone);
            Enqueue(queue, message with { MessageId = copy.MessageId, Properties = copy.Properties, EnqueuedAt = copy.ScheduledFor });
        }
    }

    public void Enqueue(string queue, Delivery message) => _queued.Add((queue, message));

    /// <summary>The remains of a broker that has lost everything.</summary>
    public void LoseMessages(Func<string, bool> ofQueue) => _queued.RemoveAll(one => ofQueue(one.Queue));

    public IReadOnlyList<(string Queue, Delivery Message)> Queued => _queued;

    public async Task<JobView> StatusAsync(JobKey key) => (await Get<JobStatusReader>().ReadAsync(key, Stop))!;

    public IReadOnlyList<JsonElement> Events(string type) =>
        [.. Outcomes.Published.Where(told => told.Type == type).DistinctBy(told => told.Id).Select(told => JsonElement.Parse(told.Json.Span).GetProperty("data"))];

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<T> RunAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        return await work;
    }

    private ServiceProvider Services() => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(Clock)
        .AddSingleton<Func<double>>(() => 0.5)
        .AddSingleton<IOutcomeBus>(Outcomes)
        .AddSingleton<IRequestBus>(this)
        .AddSingleton<ILedgerStore>(Store)
        .AddKeyedSingleton<HttpMessageHandler>(EcsSetup.Handler, World)
        .AddUngroup(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ledger:Kind"] = "Memory",
            ["Accounts:default:Credentials"] = "Static",
            ["Accounts:default:AccessKeyId"] = "key",
            ["Accounts:default:AccessKeySecret"] = "secret",
            ["Accounts:default:DefaultRegion"] = "cn-hangzhou",
        }).AddInMemoryCollection(_settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build())
        .AddJobs()
        .BuildServiceProvider();
}
