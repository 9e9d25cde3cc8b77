using Azure.Messaging.ServiceBus;
using Grpc.Core;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Messages;

namespace Ungroup.Functions.Tests.Queues;

public sealed class SettlementActionsTests : IAsyncDisposable
{
    private const string Request =
        """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou",""";

    private readonly AppBench _bench = new();
    private readonly List<string> _calls;
    private CancellationToken _invocation = TestContext.Current.CancellationToken;

    public SettlementActionsTests() => _calls = _bench.Calls;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_request_with_an_outcome_is_published_and_then_completed()
    {
        await HandleAsync(Request + "\"expiresAt\":\"2026-01-01T00:00:00Z\"}");

        Assert.Collection(
            _calls,
            call => Assert.StartsWith("send ", call, StringComparison.Ordinal),
            call => Assert.Equal("complete m-1", call));
        var told = Assert.Single(_bench.Bus.Sent);
        Assert.Equal(("i-bp1web1", OutcomeEvent.ContentType), (told.Subject, told.ContentType));
        Assert.Equal("ungroup.removal.Expired.v1", told.ApplicationProperties["type"]);
    }

    [Theory]
    [InlineData(null, "outcomes")]
    [InlineData("told", "told")]
    public async Task Outcomes_go_to_the_topic_of_the_settings(string? setting, string topic)
    {
        await using var bench = new AppBench(topic: setting);

        await bench.Make<RemoveFromSecurityGroup>().RunAsync(
            Message(Request + "\"expiresAt\":\"2026-01-01T00:00:00Z\"}", "m-1"), new RecordingMessageActions(bench.Calls), _invocation);

        Assert.EndsWith($" to {topic}", bench.Calls[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"expiresAt\":\"2026-01-01T00:00:00Z\"", "m-1: r-1 Expired  → Complete (replayed False, delivery 1, postponed 0, calls 0)")]
    [InlineData("\"notBefore\":\"2026-01-02T04:00:00Z\"", "m-1: postponed until 2026-01-02T04:00:00.0000000+00:00: notBefore has not come. (delivery 1, postponement 1, calls 0)")]
    [InlineData("\"typo\":1", "m-1: r-1 Rejected InvalidRequest → DeadLetter (replayed False, delivery 1, postponed 0, calls 0)")]
    public async Task What_became_of_a_message_is_one_line_of_the_log(string member, string line)
    {
        var log = new SeenLog();
        await using var bench = new AppBench(log: log);

        await bench.Make<RemoveFromSecurityGroup>().RunAsync(Message($"{Request}{member}}}", "m-1"), new RecordingMessageActions(bench.Calls), _invocation);

        Assert.Contains(line, log.Texts);
    }

    [Fact]
    public async Task A_message_whose_lock_was_lost_is_not_said_to_be_settled()
    {
        var log = new SeenLog();
        await using var bench = new AppBench(log: log);
        var actions = new RecordingMessageActions(bench.Calls) { Answer = _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, "LockToken 1b0c not found.")) };

        await bench.Make<RemoveFromSecurityGroup>().RunAsync(Message(Request + "\"expiresAt\":\"2026-01-01T00:00:00Z\"}", "m-1"), actions, _invocation);

        Assert.Contains(log.Texts, text => text.StartsWith("The lock of m-1 was lost", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Texts, text => text.Contains('→'));
    }

    [Fact]
    public async Task A_request_that_has_to_wait_is_copied_and_then_completed()
    {
        await HandleAsync(Request + "\"notBefore\":\"2026-01-02T04:00:00Z\"}");

        Assert.Equal(["send m-1~1 to removals", "complete m-1"], _calls);
        var copy = Assert.Single(_bench.Bus.Sent);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), copy.ScheduledEnqueueTime);
        Assert.Equal("m-1", copy.ApplicationProperties["ungroup-message-id"]);
        Assert.Equal(1, copy.ApplicationProperties["ungroup-postponements"]);
        Assert.Equal("kept", copy.ApplicationProperties["theirs"]);
    }

    [Fact]
    public async Task A_copy_that_has_to_wait_again_counts_on()
    {
        await HandleAsync(
            Request + "\"notBefore\":\"2026-01-02T04:00:00Z\"}",
            "m-1~1",
            new() { ["ungroup-message-id"] = "m-1", ["ungroup-postponements"] = 1 });

        Assert.Equal(["send m-1~2 to removals", "complete m-1~1"], _calls);
    }

    [Fact]
    public async Task A_message_that_is_no_request_is_dead_lettered_with_reason_and_sentence()
    {
        await HandleAsync("this is not JSON");

        Assert.Equal(2, _calls.Count);
        Assert.StartsWith("send ", _calls[0], StringComparison.Ordinal);
        Assert.StartsWith("dead-letter m-1: InvalidRequest: The body is not JSON", _calls[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_outcome_too_large_for_Service_Bus_goes_without_its_evidence()
    {
        _bench.Bus.LongestBody = 1_000;

        await HandleAsync(Request + $"\"reason\":\"{new string('x', 1_000)}\",\"expiresAt\":\"2026-01-01T00:00:00Z\"}}");

        Assert.Contains("\"truncated\":true", Assert.Single(_bench.Bus.Sent).Body.ToString(), StringComparison.Ordinal);
        Assert.Equal("complete m-1", _calls[^1]);
    }

    [Fact]
    public async Task What_was_decided_is_settled_even_when_the_invocation_was_cancelled_meanwhile()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        _invocation = cancelled.Token;

        await HandleAsync(Request + "\"expiresAt\":\"2026-01-01T00:00:00Z\"}");

        Assert.Equal("complete m-1", _calls[^1]);
    }

    [Fact]
    public async Task An_incident_that_has_to_wait_stays_in_its_own_queue()
    {
        var message = Message(Request + "\"notBefore\":\"2026-01-02T04:00:00Z\"}", "m-1");

        await _bench.Make<RemoveFromSecurityGroupIncident>().RunAsync(message, new RecordingMessageActions(_calls), _invocation);

        Assert.Equal(["send m-1~1 to removals-incident", "complete m-1"], _calls);
    }

    private async Task HandleAsync(string body, string? messageId = "m-1", Dictionary<string, object>? properties = null) =>
        await _bench.Make<RemoveFromSecurityGroup>().RunAsync(Message(body, messageId, properties), new RecordingMessageActions(_calls), _invocation);

    private static ServiceBusReceivedMessage Message(string body, string? messageId, Dictionary<string, object>? properties = null) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(
            body: BinaryData.FromString(body),
            messageId: messageId,
            contentType: "application/json",
            properties: properties ?? new() { ["theirs"] = "kept" },
            deliveryCount: 1,
            sequenceNumber: 7,
            enqueuedTime: AppBench.Now);
}
