using Amqp;
using Amqp.Types;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class ManagementTests : IAsyncLifetime
{
    private const string LockLost = "com.microsoft:message-lock-lost";

    private TestBroker _broker = null!;
    private Session _session = null!;
    private SenderLink _sender = null!;
    private ReceiverLink _receiver = null!;
    private RequestClient _management = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _session = await _broker.ConnectAsync();
        _sender = _session.Sender("orders");
        _receiver = _session.Receiver("orders");
        _management = new(_session, "orders/$management");
    }

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    public async Task A_renewed_lock_says_until_when()
    {
        var token = await LockAsync("a");
        _broker.Clock.Advance(TimeSpan.FromSeconds(20));

        var answer = await _management.ManageAsync("renew-lock", new() { ["lock-tokens"] = new[] { token } });

        Assert.Equal(200, answer.Status());
        Assert.Equal(_broker.Clock.GetUtcNow().AddSeconds(30).UtcDateTime, Assert.Single((DateTime[])answer.Field("expirations")));
    }

    [Fact]
    public async Task A_lost_lock_is_told_to_whoever_renews_or_settles_it()
    {
        var token = await LockAsync("a");
        _broker.Clock.Advance(TimeSpan.FromSeconds(30));

        var renewed = await _management.ManageAsync("renew-lock", new() { ["lock-tokens"] = new[] { token } });
        var completed = await DisposeAsync(token, "completed");

        Assert.Equal((410, LockLost), (renewed.Status(), renewed.Condition()));
        Assert.Equal((410, LockLost), (completed.Status(), completed.Condition()));
    }

    [Fact]
    public async Task A_message_is_completed_by_its_token_on_another_link()
    {
        var token = await LockAsync("a");
        await _receiver.CloseAsync();

        Assert.Equal(200, (await DisposeAsync(token, "completed")).Status());

        Assert.Equal(new("orders", 0, 0, 0, 0), _broker.Counts);
    }

    [Fact]
    public async Task A_message_is_abandoned_with_changed_properties()
    {
        var token = await LockAsync("a");

        await DisposeAsync(token, "abandoned", new() { ["properties-to-modify"] = new Map { ["tries"] = 1 } });

        Assert.Equal(1, (await _receiver.OneAsync()).ApplicationProperties["tries"]);
    }

    [Fact]
    public async Task A_message_is_dead_lettered_with_a_reason()
    {
        var token = await LockAsync("a");

        await DisposeAsync(token, "suspended", new()
        {
            ["deadletter-reason"] = "Bad",
            ["deadletter-description"] = "no group",
            ["properties-to-modify"] = new Map { ["extra"] = true },
        });

        var dead = await _session.Receiver("orders/$deadletterqueue").OneAsync();
        Assert.Equal(("Bad", "no group", true), (
            dead.ApplicationProperties["DeadLetterReason"],
            dead.ApplicationProperties["DeadLetterErrorDescription"],
            dead.ApplicationProperties["extra"]));
    }

    [Fact]
    public async Task Peeking_shows_messages_and_their_state()
    {
        await _sender.SendTextAsync("a");
        await _sender.SendTextAsync("b");
        _receiver.Modify(await _receiver.OneAsync(), deliveryFailed: false, undeliverableHere: true);

        var answer = await _management.ManageAsync("peek-message", new() { ["from-sequence-number"] = 1L, ["message-count"] = 10 });

        var messages = Messages(answer);
        Assert.Equal(["a", "b"], messages.Select(m => m.Body));
        Assert.Equal(1, messages[0].MessageAnnotations[new Symbol("x-opt-message-state")]);
        Assert.Null(messages[1].MessageAnnotations[new Symbol("x-opt-message-state")]);
        Assert.Equal(2, _broker.Counts.Active);
    }

    [Fact]
    public async Task Peeking_at_nothing_is_no_content()
    {
        var answer = await _management.ManageAsync("peek-message", new() { ["from-sequence-number"] = 1L, ["message-count"] = 10 });

        Assert.Equal(204, answer.Status());
    }

    [Fact]
    public async Task A_schedule_is_made_and_cancelled()
    {
        var scheduled = new Message("later")
        {
            MessageAnnotations = new() { [new Symbol("x-opt-scheduled-enqueue-time")] = _broker.Clock.GetUtcNow().AddMinutes(1).UtcDateTime },
        };
        var encoded = scheduled.Encode();
        var bytes = encoded.Buffer[encoded.Offset..(encoded.Offset + encoded.Length)];

        var made = await _management.ManageAsync("schedule-message", new()
        {
            ["messages"] = new List { new Map { ["message-id"] = "m", ["message"] = bytes } },
        });
        Assert.Equal(1, _broker.Counts.Scheduled);
        var numbers = (long[])made.Field("sequence-numbers");

        Assert.Equal(200, (await _management.ManageAsync("cancel-scheduled-message", new() { ["sequence-numbers"] = numbers })).Status());
        Assert.Equal(0, _broker.Counts.Scheduled);
        Assert.Equal(404, (await _management.ManageAsync("cancel-scheduled-message", new() { ["sequence-numbers"] = numbers })).Status());
    }

    [Fact]
    public async Task A_deferred_message_is_received_by_number_and_completed()
    {
        await _sender.SendTextAsync("a");
        _receiver.Modify(await _receiver.OneAsync(), deliveryFailed: false, undeliverableHere: true);
        Map arguments = new() { ["sequence-numbers"] = new[] { 1L }, ["receiver-settle-mode"] = 1u };

        var answer = await _management.ManageAsync("receive-by-sequence-number", arguments);

        var entry = (Map)Assert.Single((List)answer.Field("messages"))!;
        Assert.Equal("a", Assert.Single(Messages(answer)).Body);
        Assert.Equal(404, (await _management.ManageAsync("receive-by-sequence-number", arguments)).Status());
        Assert.Equal(200, (await DisposeAsync((Guid)entry["lock-token"], "completed")).Status());
        Assert.Equal(0, _broker.Counts.Active);
    }

    [Theory]
    [InlineData("no-such-operation", 501)]
    [InlineData("renew-lock", 400)]
    [InlineData("peek-message", 400)]
    [InlineData("schedule-message", 400)]
    [InlineData("update-disposition", 400)]
    public async Task A_request_that_makes_no_sense_is_answered(string operation, int status)
    {
        Assert.Equal(status, (await _management.ManageAsync(operation, new() { ["nonsense"] = 1 })).Status());
    }

    private Task<Message> DisposeAsync(Guid token, string status, Map? more = null)
    {
        var arguments = more ?? [];
        arguments["lock-tokens"] = new[] { token };
        arguments["disposition-status"] = status;
        return _management.ManageAsync("update-disposition", arguments);
    }

    private async Task<Guid> LockAsync(string text)
    {
        await _sender.SendTextAsync(text);
        return new((await _receiver.OneAsync()).DeliveryTag);
    }

    private static IReadOnlyList<Message> Messages(Message answer) =>
        [.. ((List)answer.Field("messages")).Cast<Map>().Select(m => (byte[])m["message"]).Select(b => Message.Decode(new(b, 0, b.Length, b.Length)))];
}
