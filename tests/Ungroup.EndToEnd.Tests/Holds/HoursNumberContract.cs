using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Holds;

/// <summary>Clean-ups reach the hour's number on any ledger, with four workers at once.</summary>
public abstract class HoursNumberContract
{
    private const int Workers = 4;
    private const int Most = 200;
    private const int Sent = 300;
    private const int SentLater = 100;

    // Blocks of ten that the workers have in hand when the number is reached are lost for the hour.
    private const int AtLeast = 160;

    // Held requests are back within minutes, for which no build waits: UNGROUP_HOLDS_TO_THE_END asks for them.
    private static readonly bool ToTheEnd = Environment.GetEnvironmentVariable("UNGROUP_HOLDS_TO_THE_END") is { Length: > 0 };

    private static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Clean_ups_beyond_the_hours_number_wait_and_a_resume_lets_as_many_go_again()
    {
        // In two hours at most there are two numbers: what begins in one and ends in the next says nothing, and is done again.
        while (!await IsShownAsync())
        {
        }
    }

    /// <summary>Where the workers of one run keep their ledger; the folder is that run's own.</summary>
    private protected abstract Task<WorkerLedger> LedgerInAsync(DirectoryInfo folder);

    private async Task<bool> IsShownAsync()
    {
        var hour = TimeProvider.System.GetUtcNow().Hour;
        var folder = Directory.CreateTempSubdirectory("ungroup-hour-");
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(Sent + SentLater, withFaults: false));
        await using var told = cloud.Subscribe();
        var workers = new List<CliProcess>();
        try
        {
            var ledger = await LedgerInAsync(folder);
            await cloud.SendAsync(Enumerable.Range(0, Sent).Select(CleanUp), Stop);
            workers.AddRange(Enumerable.Range(0, Workers).Select(_ => cloud.StartWorker(ledger, ("UNGROUP__Guardrails__MostPerHour", $"{Most}"), WorkerProcess.LargeQuota)));
            await UntilTheNumberIsReachedAsync();
            if (IsOver())
            {
                return false;
            }

            Assert.InRange(told.Count, AtLeast, Most);
            Assert.All(await WaitingAsync(cloud), at => Assert.True(at - TimeProvider.System.GetUtcNow() <= BackWithin, $"One waits until {at:O}."));

            var hold = (await RunAsync(ledger, "holds", "--json")).EnumerateArray().FirstOrDefault();
            var ended = hold.ValueKind == JsonValueKind.Undefined ? hold : (await RunAsync(ledger, "resume", hold.GetProperty("id").GetString()!, "--json")).EnumerateArray().FirstOrDefault();
            if (IsOver())
            {
                return false;
            }

            Assert.Equal(("ungroup", CrashWorld.Group), (ended.GetProperty("by").GetString(), ended.GetProperty("group").GetString()));

            if (ToTheEnd)
            {
                await UntilEndedAsync();
                return true;
            }

            await cloud.SendAsync(Enumerable.Range(Sent, SentLater).Select(CleanUp), Stop);
            await UntilAsManyHaveGoneAgainAsync();
            if (IsOver())
            {
                return false;
            }

            Assert.InRange(told.Count, 0, 2 * Most);
            Assert.All(told.Each(), outcome => Assert.Equal("Removed", outcome["data"]!["status"]!.GetValue<string>()));
            Assert.All(Enumerable.Range(0, Sent + SentLater), number => Assert.InRange(cloud.Ecs.World.EffectiveLeaves(CrashWorld.Instance(number), CrashWorld.Group), 0, 1));
            return true;
        }
        finally
        {
            foreach (var worker in workers)
            {
                await worker.DisposeAsync();
            }

            folder.Delete(recursive: true);
        }

        bool IsOver() => TimeProvider.System.GetUtcNow().Hour != hour;

        async Task UntilEndedAsync()
        {
            var (resumed, before) = (TimeProvider.System.GetTimestamp(), told.Count);
            await workers[0].UntilAsync(() => told.Count == Sent, () => $"{told.Count} told, {cloud.Queue("removals")}", Stop);
            TestContext.Current.TestOutputHelper?.WriteLine($"{before} before the resume, all {Sent} {TimeProvider.System.GetElapsedTime(resumed).TotalSeconds:0} s after it");
        }

        // Each is told, or waits on the broker: nothing is lost. Some wait for seconds alone: a slow ledger does not say in time whether there is a hold.
        Task UntilTheNumberIsReachedAsync() => workers[0].UntilAsync(
            () => IsOver() || (workers.Exists(worker => worker.Lines.Any(line => line.Contains("have reached", StringComparison.Ordinal)))
                && told.Count >= AtLeast
                && cloud.Queue("removals") is { Active: 0, Locked: 0, DeadLettered: 0, Scheduled: var waiting } && waiting + told.Count == Sent),
            () => $"{told.Count} told, {cloud.Queue("removals")}",
            Stop);

        // The later ones go at once. A worker that had not heard of the resume puts some off for minutes, and earlier ones go in their place.
        Task UntilAsManyHaveGoneAgainAsync() => workers[0].UntilAsync(
            () => IsOver() || told.Count >= Most + AtLeast
                || told.Each().Count(outcome => Number(outcome["data"]!["requestId"]!.GetValue<string>()) >= Sent) == SentLater,
            () => $"{told.Count} told, {cloud.Queue("removals")}",
            Stop);
    }

    private static (string MessageId, string Body) CleanUp(int number) =>
        CrashWorld.Request(number) is var (messageId, body) ? (messageId, body.Replace("{", """{"origin":"cleanup",""", StringComparison.Ordinal)) : default;

    private static int Number(string requestId) => int.Parse(requestId.AsSpan(2), CultureInfo.InvariantCulture);

    private static async Task<IReadOnlyList<DateTimeOffset>> WaitingAsync(RunningCloud cloud)
    {
        await using var client = new ServiceBusClient(cloud.Broker.ConnectionString);
        await using var receiver = client.CreateReceiver("removals");
        return [.. (await receiver.PeekMessagesAsync(Sent, cancellationToken: Stop)).Select(message => message.ScheduledEnqueueTime)];
    }

    private static async Task<JsonElement> RunAsync(WorkerLedger ledger, params string[] arguments)
    {
        await using var command = CliProcess.Start([.. arguments, .. ledger.Arguments], ledger.Settings);
        await command.EndAsync(Stop);
        return JsonElement.Parse(string.Join('\n', command.Lines.Where(line => line.StartsWith('['))));
    }
}
