using System.Globalization;
using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;

namespace Ungroup.Functions.Tests.Queues;

/// <summary>Ten thousand messages that nobody should send, through the app's own function, with everything that it logs.</summary>
public sealed class HostileMessagesTests
{
    private const int Messages = 10_000;

    private static readonly string[] Tricks =
    [
        "\u001b[2J", "\u001b]0;owned\u0007", "\r\nThe ledger says: Removed", "\u009b31m", "\u202egro.live", "\u2066\u2069", "\u2028\u2029", "[red]x[/]",
        "\u0000", "\u0085", "\ufeff", "\U000e0041", "\u007f\b\b\b", new('x', 5_000),
    ];

    [Fact]
    public async Task Fault_56_Ten_thousand_hostile_messages_through_the_app_leave_no_control_character()
    {
        using var log = new SeenLog();
        await using var bench = new AppBench(log: log);
        var function = bench.Make<RemoveFromSecurityGroup>();
        foreach (var number in Enumerable.Range(0, Messages))
        {
            var actions = new RecordingMessageActions(bench.Calls);
            if (number % 5 == 0)
            {
                actions.Answer = _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, $"LockToken {Tricks[number % Tricks.Length]} is not known"));
            }

            await function.RunAsync(Message(number), actions, TestContext.Current.CancellationToken);
        }

        var told = bench.Bus.Sent.ConvertAll(sent => JsonElement.Parse(sent.Body.ToMemory().Span).GetProperty("data"));
        Assert.Equal(Messages, told.Select(data => data.GetProperty("messageId").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(Messages, told.Count);
        Assert.Equal(told.Count(data => data.GetProperty("status").GetString() == "Rejected"), bench.Calls.Count(call => call.StartsWith("dead-letter ", StringComparison.Ordinal)));
        Assert.All(bench.Bus.Sent, sent => AssertClean(sent.Body.ToString()));
        Assert.True(log.Texts.Count > Messages / 5, $"{log.Texts.Count} texts");
        Assert.All(log.Texts, AssertClean);
    }

    private static ServiceBusReceivedMessage Message(int number)
    {
        var trick = Tricks[number % Tricks.Length];
        var text = JsonSerializer.Serialize($"before {trick} after");
        return ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: BinaryData.FromString((number % 4) switch
            {
                0 => $$"""{"requestId":"r-{{number}}","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou","expiresAt":"2020-01-01T00:00:00Z","reason":{{text}},"requestedBy":{{text[..Math.Min(text.Length, 200)].TrimEnd('"', '\\')}}"}""",
                1 => $$"""{"requestId":{{text}},{{text}}:1,"instanceId":{{text}},"securityGroupId":{{text}},"regionId":{{text}},"account":{{text}}}""",
                2 => $"<request>{trick}</request>",
                _ => trick,
            }),
            messageId: $"m-{number}{trick}",
            contentType: "application/json",
            deliveryCount: 1,
            sequenceNumber: number,
            enqueuedTime: AppBench.Now);
    }

    private static void AssertClean(string text)
    {
        Assert.InRange(text.Length, 0, 32_768);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value != '\n'
                && Rune.GetUnicodeCategory(rune) is (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator))
            {
                Assert.Fail($"U+{rune.Value:X4} in {JsonSerializer.Serialize(text)}");
            }
        }
    }
}
