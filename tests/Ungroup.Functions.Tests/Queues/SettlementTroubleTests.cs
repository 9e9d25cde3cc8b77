using System.Globalization;
using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Grpc.Core;
using Ungroup.Ecs;
using Ungroup.Functions.Invocations;
using Ungroup.Functions.Queues;
using Ungroup.Functions.Tests.Support;
using Ungroup.Ledger;
using Ungroup.ServiceBus;

namespace Ungroup.Functions.Tests.Queues;

/// <summary>Trouble between a decision and its settlement. Nothing is done twice, and no delivery is burned in a loop.</summary>
public sealed class SettlementTroubleTests : IAsyncDisposable
{
    private const string Request = """{"requestId":"r-1","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou",""";
    private const string Ended = Request + "\"expiresAt\":\"2026-01-01T00:00:00Z\"}";
    private const string Early = Request + "\"notBefore\":\"2026-01-02T04:00:00Z\"}";

    private readonly AppBench _bench = new();
    private readonly RecordingMessageActions _actions;

    public SettlementTroubleTests() => _actions = new(_bench.Calls);

    private List<string> Calls => _bench.Calls;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData(StatusCode.FailedPrecondition, "LockToken 1b0c not found.")]
    [InlineData(StatusCode.Unknown, "Azure.Messaging.ServiceBus.ServiceBusException: The lock supplied is invalid. (MessageLockLost)")]
    public async Task A_lock_that_is_gone_is_no_failure_and_the_redelivery_is_answered_from_the_ledger(StatusCode code, string detail)
    {
        _actions.Answer = _ => throw new RpcException(new Status(code, detail));
        await HandleAsync(Ended);

        _actions.Answer = _ => Task.CompletedTask;
        await HandleAsync(Ended);

        var told = _bench.Bus.Sent.ConvertAll(message => (message.MessageId, message.Body.ToString()));
        Assert.Equal(2, told.Count);
        Assert.Equal(told[0], told[1]);
        Assert.Equal("complete m-1", Calls[^1]);
    }

    [Theory]
    [InlineData(Early, "complete m-1")]
    [InlineData("not JSON", "dead-letter m-1")]
    public async Task A_lock_that_is_gone_is_no_failure_of_any_settlement(string body, string settlement)
    {
        _actions.Answer = _ => throw new RpcException(new Status(StatusCode.FailedPrecondition, "LockToken 1b0c not found."));

        await HandleAsync(body);

        Assert.StartsWith(settlement, Calls[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, "The host is away.")]
    [InlineData(StatusCode.FailedPrecondition, "Something else.")]
    [InlineData(StatusCode.Unknown, "Azure.Messaging.ServiceBus.ServiceBusException: The service is busy. (ServiceBusy)")]
    public async Task Any_other_failure_to_settle_brings_the_message_back(StatusCode code, string detail)
    {
        _actions.Answer = _ => throw new RpcException(new Status(code, detail));

        await Assert.ThrowsAsync<RpcException>(() => HandleAsync(Ended));
    }

    [Fact]
    public async Task A_settlement_that_nobody_answers_is_given_up()
    {
        _actions.Answer = patience => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, patience);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => HandleAsync(Ended));
    }

    [Fact]
    public async Task A_copy_that_is_not_taken_at_first_is_sent_again_before_the_original_goes()
    {
        var refusals = 2;
        _bench.Bus.Refuses = (_, _) => refusals-- > 0;

        await HandleAsync(Early);

        Assert.Equal(["refuse m-1~1 to removals", "refuse m-1~1 to removals", "send m-1~1 to removals", "complete m-1"], Calls);
    }

    [Fact]
    public async Task Where_no_copy_can_be_sent_the_original_is_left_to_its_lock_neither_completed_nor_abandoned()
    {
        _bench.Bus.Refuses = (_, _) => true;

        await HandleAsync(Early);

        Assert.Equal(Enumerable.Repeat("refuse m-1~1 to removals", 4), Calls);
    }

    [Fact]
    public async Task A_bus_that_says_nothing_to_a_copy_is_given_up_after_four_tries()
    {
        _bench.Bus.IsSilent = true;

        await HandleAsync(Early);

        Assert.Equal(Enumerable.Repeat("silence for m-1~1 to removals", 4), Calls);
        Assert.True(_bench.Clock.GetUtcNow() - AppBench.Now >= CopySender.Longest, "It gave up too soon.");
    }

    [Fact]
    public void Every_try_of_a_copy_and_the_settlement_fit_into_the_lock_that_the_host_renews()
    {
        var host = JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")));
        var renewed = host.GetProperty("extensions").GetProperty("serviceBus").GetProperty("maxAutoLockRenewalDuration").GetString()!;

        Assert.True(new EcsOptions().LongestRun + CopySender.Longest + SettlementActions.Patience < TimeSpan.Parse(renewed, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task While_the_process_ends_a_copy_is_tried_once()
    {
        _bench.Bus.Refuses = (_, _) =>
        {
            _ = _bench.Drain.StopAsync(TestContext.Current.CancellationToken);
            return true;
        };

        await HandleAsync(Early);

        Assert.Equal(["refuse m-1~1 to removals"], Calls);
    }

    [Fact]
    public async Task What_was_not_begun_when_the_process_ends_is_handed_back_at_once()
    {
        await using var ending = new AppBench(new FailingLedger(() => new OperationCanceledException()));
        await ending.Drain.StopAsync(TestContext.Current.CancellationToken);

        await ending.Make<RemoveFromSecurityGroup>().RunAsync(
            Message(Ended), new RecordingMessageActions(ending.Calls), TestContext.Current.CancellationToken);

        Assert.Equal(["abandon m-1"], ending.Calls);
    }

    [Fact]
    public async Task A_defect_leaves_the_message_to_its_lock_where_an_exception_would_burn_its_deliveries()
    {
        await using var broken = new AppBench(new FailingLedger(() => new InvalidOperationException("A defect.")));

        await broken.RunAsync(broken.Make<RemoveFromSecurityGroup>().RunAsync(
            Message(Ended), new RecordingMessageActions(broken.Calls), TestContext.Current.CancellationToken));

        Assert.Empty(broken.Calls);
    }

    [Fact]
    public async Task A_ledger_that_is_away_lets_the_message_wait()
    {
        await using var broken = new AppBench(new FailingLedger(() => new LedgerUnavailableException("The ledger is away.")));

        await broken.RunAsync(broken.Make<RemoveFromSecurityGroup>().RunAsync(
            Message(Ended), new RecordingMessageActions(broken.Calls), TestContext.Current.CancellationToken));

        Assert.Equal(["send m-1~1 to removals", "complete m-1"], broken.Calls);
    }

    private Task HandleAsync(string body) => _bench.RunAsync(
        _bench.Make<RemoveFromSecurityGroup>().RunAsync(Message(body), _actions, TestContext.Current.CancellationToken));

    private static ServiceBusReceivedMessage Message(string body) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: BinaryData.FromString(body), messageId: "m-1", contentType: "application/json", deliveryCount: 1, enqueuedTime: AppBench.Now);
}
