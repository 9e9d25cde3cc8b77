using System.Collections.Concurrent;
using System.Text;
using Azure.Messaging.ServiceBus;
using Microsoft.Data.Sqlite;
using Ungroup.EndToEnd.Tests.Crash;
using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary><c>ungroup sandbox --no-worker --no-ecs</c>: a broker that others connect to, and that may be killed.</summary>
public sealed class BrokerAloneTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Journal => Path.Combine(_scratch.At("data"), "journal.db");

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task It_says_how_to_reach_it_speaks_of_no_ECS_and_stops_when_it_is_told_to()
    {
        await using var broker = Start();

        var bus = await BusOfAsync(broker);
        await broker.LineAsync("send ", Stop);

        Assert.Empty(await QueuePeek.IdsAsync(bus, "removals", Stop));
        Assert.DoesNotContain(broker.Lines, line => line.StartsWith("ecs", StringComparison.Ordinal));
        Assert.Contains(broker.Lines, line => line.EndsWith(Journal, StringComparison.Ordinal));
        Assert.Equal(0, await broker.StopAsync(Stop));
    }

    [Fact]
    public async Task Whatever_it_said_it_took_is_there_after_kill_9_and_its_key_is_the_same()
    {
        var taken = new ConcurrentQueue<string>();
        await using var first = Start();
        var bus = await BusOfAsync(first);
        var sending = Task.WhenAll(Enumerable.Range(0, 8).Select(sender => SendUntilItIsGoneAsync(bus, $"m-{sender}-", taken)));
        await first.UntilAsync(() => taken.Count >= 200, () => $"{taken.Count} taken", Stop);
        await first.KillAsync(Stop);
        await sending;

        await using var second = Start();
        var again = await BusOfAsync(second);

        Assert.Equal(KeyOf(bus), KeyOf(again));
        Assert.Empty(taken.Except(await QueuePeek.IdsAsync(again, "removals", Stop)));
    }

    [Fact]
    public async Task Without_a_journal_to_write_to_it_does_not_stay()
    {
        await StartAndStopAsync();
        Change("CREATE TRIGGER full BEFORE INSERT ON message BEGIN SELECT raise(ABORT, 'disk full'); END");
        await using var broker = Start();
        var bus = await BusOfAsync(broker);

        var taken = new ConcurrentQueue<string>();
        await SendUntilItIsGoneAsync(bus, "m-", taken);
        Assert.Empty(taken);
        Assert.Equal(1, await broker.EndAsync(Stop));
        Assert.Contains($"ungroup: The broker's journal {Journal} cannot be written: ", broker.Output, StringComparison.Ordinal);
        Assert.Contains("disk full", broker.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journal_of_another_format_is_refused_in_a_sentence()
    {
        await StartAndStopAsync();
        Change("PRAGMA user_version = 9");
        await using var broker = Start();

        Assert.Equal(2, await broker.EndAsync(Stop));
        Assert.Equal($"ungroup: The journal {Journal} has format 9; this broker reads format 2.", broker.Output.Trim());
    }

    private static string KeyOf(string bus) => ServiceBusConnectionStringProperties.Parse(bus).SharedAccessKey;

    private static Task<string> BusOfAsync(CliProcess broker) => broker.LineAsync("bus ", Stop);

    private static async Task SendUntilItIsGoneAsync(string bus, string prefix, ConcurrentQueue<string> taken)
    {
        // Without tries of its own: what it said it did not take may be there all the same, twice.
        await using var client = new ServiceBusClient(bus, new ServiceBusClientOptions { RetryOptions = new() { MaxRetries = 0 } });
        await using var sender = client.CreateSender("removals");
        try
        {
            for (var number = 0; number < 100; number++)
            {
                await sender.SendMessageAsync(OutgoingMessage.Request($"{prefix}{number}", Encoding.UTF8.GetBytes("{}")), Stop);
                taken.Enqueue($"{prefix}{number}");
            }
        }
        catch (Exception gone) when (BusFailure.Is(gone))
        {
            // Nobody counts on a message that it did not say it took.
        }
    }

    private CliProcess Start() => CliProcess.Start(["sandbox", "--no-worker", "--no-ecs", "--data", _scratch.At("data"), "--port", "0"]);

    private async Task StartAndStopAsync()
    {
        await using var broker = Start();
        await BusOfAsync(broker);
        Assert.Equal(0, await broker.StopAsync(Stop));
    }

    private void Change(string sql)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Journal, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
