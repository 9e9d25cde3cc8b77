using System.Text.Json.Nodes;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

/// <summary>Anybody who may send may write any property and any id.</summary>
public sealed class ForgeryFaultTests : IAsyncDisposable
{
    private static readonly string Unkeyed = Some.Body.Replace("\"requestId\":\"r-1\",", "", StringComparison.Ordinal);

    private readonly FaultBench _bench = new();

    public ForgeryFaultTests() => _bench.One.Ecs.OnLeave(Replies.Ok);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    public static TheoryData<string, string, object> Forged => new()
    {
        { "m-1", "ungroup-first-enqueued", "2020-01-01T00:00:00Z" },
        { "m-1", "ungroup-message-id", "somebody-elses" },
        { "m-1", "ungroup-message-id", new string('x', 300_000) },
        { "m-1", "ungroup-postponements", int.MaxValue },
        { "m-1~1", "ungroup-postponements", 1 },
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task Fault_37_A_forged_property_changes_nothing_about_a_request(string id, string name, object value)
    {
        var settlement = await _bench.One.HandleAsync(Some.Delivery(messageId: id) with { Properties = new Dictionary<string, object?> { [name] = value } });

        Assert.Equal(("Removed", null), FaultBench.EndOf(Assert.IsType<Settlement.Complete>(settlement)));
        Assert.Equal((id, Some.Deadline), (FaultBench.DataOf(settlement)["messageId"]!.GetValue<string>(), (await _bench.RecordAsync()).Deadline));
        Assert.Single(_bench.One.Bus.Published);
    }

    [Fact]
    public async Task Fault_37_A_forged_number_of_postponements_makes_the_request_wait_no_longer()
    {
        _bench.Two.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));

        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync(Some.Delivery(messageId: "m-1~900000") with
        {
            Properties = new Dictionary<string, object?> { ["ungroup-message-id"] = "m-1", ["ungroup-postponements"] = 900_000 },
        }));

        Assert.InRange(postpone.Until - Some.Now, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(6));
    }

    [Fact]
    public async Task Fault_37_Two_messages_whose_ids_end_in_a_tilde_and_a_number_stay_two()
    {
        Assert.Equal("InvalidRequest", Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync(Unkeyed, "case~7")).Reason);
        Assert.Equal("InvalidRequest", Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync(Unkeyed, "case~8")).Reason);
        Assert.Equal(2, _bench.Told.Count());
    }

    [Theory]
    [InlineData(Some.Body)]
    [InlineData("{}")]
    public async Task Fault_37_A_long_message_id_makes_no_event_that_does_not_fit_the_bus(string body)
    {
        _bench.One.Bus.Largest = 3_000;

        Assert.IsNotType<Settlement.Postpone>(await _bench.One.HandleAsync(body, new string('m', 60_000)));

        var told = Assert.Single(_bench.One.Bus.Published);
        Assert.InRange(told.Subject.Length, 1, 136);
        Assert.StartsWith("mmm", JsonNode.Parse(told.Json.Span)!["data"]!["messageId"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    /// <summary>A letter that died three days ago, with everything that was written on it since.</summary>
    [Theory]
    [InlineData("m-1~4")]
    [InlineData("a-new-id")]
    public async Task Fault_37_A_dead_letter_that_is_sent_again_with_all_its_properties_is_done_like_a_new_request(string id)
    {
        var settlement = await _bench.One.HandleAsync(Some.Delivery(messageId: id) with
        {
            Properties = new Dictionary<string, object?>
            {
                ["DeadLetterReason"] = "MaxDeliveryCountExceeded",
                ["DeadLetterErrorDescription"] = "Delivery count exceeded.",
                ["ungroup-message-id"] = "m-1",
                ["ungroup-first-enqueued"] = Some.Now.AddDays(-3).ToString("O"),
                ["ungroup-postponements"] = 4,
            },
        });

        Assert.Equal(("Removed", null), FaultBench.EndOf(Assert.IsType<Settlement.Complete>(settlement)));
        Assert.Equal(1, _bench.Leaves);
    }

    /// <summary>A worker of the version before has postponed it, its key being its message's id.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(128)]
    public async Task Fault_37_A_copy_of_the_version_before_goes_on_where_its_request_was(int length)
    {
        _bench.Two.Ecs.OnLeave(Replies.Error(403, "IncorrectInstanceStatus"));
        var first = Some.Delivery(Unkeyed, new string('m', length));
        var postpone = Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync(first));
        var copy = PostponedCopy.Of(first, postpone);
        _bench.Clock.SetUtcNow(postpone.Until);

        var end = await _bench.One.HandleAsync(first with
        {
            MessageId = copy.MessageId,
            EnqueuedAt = postpone.Until,
            Properties = new Dictionary<string, object?>(copy.Properties) { ["ungroup-first-enqueued"] = Some.Now.ToString("O") },
        });

        Assert.Equal(("Removed", null), FaultBench.EndOf(end));
        Assert.Equal((LedgerState.Decided, 2), ((await _bench.RecordAsync(first.MessageId)).State, (await _bench.RecordAsync(first.MessageId)).Attempts));
    }
}
