using System.Diagnostics.Metrics;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

/// <summary>A rejected message has no record: its event is all there is to hear of it.</summary>
public sealed class RejectionFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_38_Rejections_under_one_key_are_events_of_their_own_whoever_sent_them()
    {
        _bench.One.Ecs.OnLeave(Replies.Ok);
        await _bench.One.HandleAsync();

        foreach (var (body, id) in new (string, string)[]
        {
            (Other("i-bp1web2"), "m-2"), (Other("i-bp1web3"), "m-2"), (Other("i-bp1web2"), "m-3"), (Other("web-2"), "m-2"), (Other("web-2"), "m-4"),
            ("{}", "m-2"), ("[]", "m-2"), ("", "m-2"),
        })
        {
            Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync(body, id));
        }

        Assert.Equal(9, _bench.One.Bus.Published.Count);
        Assert.Equal(9, _bench.Told.Count());
    }

    [Fact]
    public async Task Fault_38_The_same_rejection_is_the_same_event_however_often_it_is_told()
    {
        var first = Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync("{}"));
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(first.Outcome!.Id, Assert.IsType<Settlement.DeadLetter>(await _bench.Two.HandleAsync("{}")).Outcome!.Id);
    }

    /// <summary>The same message, rejected for another reason once its key is taken.</summary>
    [Fact]
    public async Task Fault_38_Another_reason_is_another_event()
    {
        var body = Some.Body.Replace("{", """{"account":"new",""", StringComparison.Ordinal);
        var before = Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync(body));
        await using var configured = new HandlerBench(
            _bench.Clock, _bench.Ledger, ("Accounts:new:Credentials", "Static"), ("Accounts:new:AccessKeyId", "key"), ("Accounts:new:AccessKeySecret", "secret"));
        await configured.Ledger.ClaimAsync(Some.Request() with { Account = "new", DryRun = true }, "m-0", Some.Deadline, TestContext.Current.CancellationToken);

        var after = Assert.IsType<Settlement.DeadLetter>(await configured.HandleAsync(body));

        Assert.Equal(("InvalidRequest", "IdempotencyConflict"), (before.Reason, after.Reason));
        Assert.NotEqual(before.Outcome!.Id, after.Outcome!.Id);
    }

    [Fact]
    public async Task Fault_40_A_rejected_message_whose_event_nobody_takes_waits_an_hour_and_is_then_dead_lettered_logged_and_counted()
    {
        var untold = 0L;
        using var listener = new MeterListener { InstrumentPublished = Listen };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => untold += count);
        listener.Start();
        _bench.One.Bus.IsAway = true;

        var settlements = await _bench.SettleAsync(_bench.One, Some.Delivery("{}"));

        var letter = Assert.IsType<Settlement.DeadLetter>(settlements[^1]);
        Assert.InRange(_bench.Clock.GetUtcNow() - Some.Now, TimeSpan.FromHours(1), TimeSpan.FromMinutes(61));
        Assert.Equal("InvalidRequest", letter.Reason);
        Assert.StartsWith("Nobody was told: the outcome bus did not take the Rejected event for an hour. ", letter.Description, StringComparison.Ordinal);
        Assert.Null(letter.Outcome);
        Assert.Contains(_bench.One.Log.Warnings(602), line => line.StartsWith("Message m-1 is dead-lettered untold", StringComparison.Ordinal));
        Assert.Equal(1, untold);

        void Listen(Instrument instrument, MeterListener to)
        {
            if (instrument.Name == "ungroup.rejections.untold" && instrument.Meter.Scope == _bench.One.Meters)
            {
                to.EnableMeasurementEvents(instrument);
            }
        }
    }

    [Fact]
    public async Task Fault_42_What_the_ledger_refuses_for_good_is_told_and_dead_lettered_instead_of_going_round_for_ever()
    {
        _bench.Store.Refuses = "The ledger refuses a record: 400 PropertyValueTooLarge.";

        var letter = Assert.IsType<Settlement.DeadLetter>(await _bench.One.HandleAsync());

        Assert.Equal("LedgerRefused", letter.Reason);
        Assert.Equal(("Rejected", "LedgerRefused"), FaultBench.EndOf(letter));
        Assert.Contains("400 PropertyValueTooLarge", letter.Description, StringComparison.Ordinal);
        Assert.Empty(_bench.One.Ecs.Calls);
    }

    [Fact]
    public async Task Fault_42_A_record_that_another_message_has_brought_is_as_good()
    {
        _bench.Two.Ecs.OnLeave(Replies.Ok);
        await _bench.Two.HandleAsync();
        _bench.Store.Refuses = "The ledger refuses a record.";

        Assert.True(Assert.IsType<Settlement.Complete>(await _bench.One.HandleAsync(messageId: "m-2")).Replayed);
    }

    private static string Other(string instance) => Some.Body.Replace("i-bp1web1", instance, StringComparison.Ordinal);
}
