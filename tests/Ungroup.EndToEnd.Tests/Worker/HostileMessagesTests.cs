using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Ungroup.EndToEnd.Tests.Crash;

namespace Ungroup.EndToEnd.Tests.Worker;

/// <summary>Ten thousand messages that nobody should send, through a worker process: its output is read as a terminal would.</summary>
public sealed class HostileMessagesTests
{
    private const int Messages = 10_000;
    private const int Members = 200;

    // Clears the screen, sets a title, forges a line, runs from right to left, ends lines in every way there is.
    private static readonly string[] Tricks =
    [
        "\u001b[2J", "\u001b]0;owned\u0007", "\r\n2026-01-01T00:00:00.000Z info 610 The ledger says: Removed", "\u009b31m", "\u202egro.live", "\u2066\u2069", "\u2028\u2029",
        "[red]no markup[/]", ":ram:", "\u0000", "\u0085", "\ufeff", "\U000e0041", "\u007f\b\b\b", new('x', 500),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault_56_Ten_thousand_hostile_messages_each_have_one_outcome_and_leave_no_control_character()
    {
        await using var cloud = await RunningCloud.StartAsync(CrashWorld.Create(Members, withFaults: false));
        await SendAsync(cloud.Broker.ConnectionString, Enumerable.Range(0, Messages).Select(Message));
        await using var outcomes = cloud.Subscribe();
        await using var worker = cloud.StartWorker(new(["--ledger", "memory"], []), WorkerProcess.LargeQuota);
        await worker.UntilAsync(
            () => cloud.Queue("removals") is { Active: 0, Locked: 0, Scheduled: 0 } && outcomes.Count >= Messages,
            () => $"{cloud.Queue("removals")} and {outcomes.Count} outcomes",
            Stop);
        Assert.Equal(0, await worker.StopAsync(Stop));

        var told = outcomes.Each();
        Assert.Equal(Messages, told.Count);
        Assert.Equal(Messages, told.Select(outcome => outcome["data"]!["messageId"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(cloud.Queue("removals").DeadLettered, told.Count(outcome => outcome["data"]!["status"]!.GetValue<string>() == "Rejected"));
        Assert.Contains(told, outcome => outcome["data"]!["status"]!.GetValue<string>() == "Removed");
        Assert.All(outcomes.Texts(), AssertClean);
        Assert.All(worker.Lines, line =>
        {
            AssertClean(line);
            Assert.InRange(line.Length, 0, 8_192);
        });
        Assert.DoesNotContain(worker.Lines, line => line.Contains(" info 610 The ledger says", StringComparison.Ordinal) && line.StartsWith("2026-01-01", StringComparison.Ordinal));
    }

    // Azure's client refuses an id of more than 128 characters where it is set; others that speak AMQP do not.
    private static async Task SendAsync(string bus, IEnumerable<(string MessageId, string Body)> messages)
    {
        await using var client = new ServiceBusClient(bus);
        await using var sender = client.CreateSender("removals");
        foreach (var some in messages.Chunk(100))
        {
            await sender.SendMessagesAsync(some.Select(message =>
            {
                var hostile = new ServiceBusMessage(message.Body) { ContentType = "application/json" };
                hostile.GetRawAmqpMessage().Properties.MessageId = new(message.MessageId);
                return hostile;
            }), Stop);
        }
    }

    private static (string MessageId, string Body) Message(int number)
    {
        var trick = Tricks[number % Tricks.Length];
        var text = JsonSerializer.Serialize($"before {trick} after");
        var id = $"m-{number}{trick}";
        return (number % 7) switch
        {
            0 => (id, $$"""{"requestId":"r-{{number}}","instanceId":"{{CrashWorld.Instance(number % Members)}}","securityGroupId":"{{CrashWorld.Group}}","regionId":"cn-hangzhou","reason":{{text}},"requestedBy":{{text}}}"""),
            1 => (id, $$"""{"requestId":{{text}},"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou"}"""),
            2 => (id, $$"""{{{text}}:1,"instanceId":{{text}},"securityGroupId":{{text}},"regionId":{{text}},"account":{{text}}}"""),
            3 => (id, $"<request>{trick}</request>"),
            4 => (id, trick),
            5 => (id, $$"""{"requestId":"d-{{number}}","instanceId":"i-nowhere","securityGroupId":"sg-nowhere","regionId":"cn-hangzhou","dryRun":true,"reason":{{text}}}"""),
            _ => (id, $$"""{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou","expiresAt":"2020-01-01T00:00:00Z","reason":{{text}}}"""),
        };
    }

    private static void AssertClean(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
            {
                Assert.Fail($"U+{rune.Value:X4} in {JsonSerializer.Serialize(text)}");
            }
        }
    }
}
