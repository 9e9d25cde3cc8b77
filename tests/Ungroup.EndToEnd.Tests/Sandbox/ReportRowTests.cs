using System.Text;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;
using Ungroup.Messages;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class ReportRowTests
{
    private static readonly RequestLine Line = new(3, Encoding.UTF8.GetBytes("{}"));

    [Fact]
    public void A_line_that_has_not_ended_has_counts_and_nulls()
    {
        var state = new LineState(Line).After(Delivered(2), new Settlement.Postpone(DateTimeOffset.UnixEpoch, "later") { Calls = new(1, 2) });

        Assert.Equal(
            $$"""{"line":3,"messageId":"{{Line.MessageId}}","requestId":null,"status":null,"code":null,"sentence":null,"settlement":null,"deadLettered":null,"replayed":null,"confirmedByReadBack":null,"deliveries":2,"attempts":1,"ecsCalls":2}""",
            ReportRow.Of(state, countsCalls: true).ToJson());
    }

    [Fact]
    public void Deliveries_and_calls_are_counted_over_all_copies()
    {
        var told = new OutcomeEvent("id", "type", "subject", Encoding.UTF8.GetBytes(
            """{"data":{"messageId":"m","requestId":"r-1","status":"Removed","sentence":"隔离 i-1 \"done\"","confirmedByReadBack":true}}"""));
        var state = new LineState(Line)
            .After(Delivered(1), new Settlement.Postpone(DateTimeOffset.UnixEpoch, "later") { Calls = new(3, 4) })
            .After(Delivered(2), new Settlement.Complete { Outcome = told, Calls = new(1, 1) });

        Assert.Equal(
            $$"""{"line":3,"messageId":"{{Line.MessageId}}","requestId":"r-1","status":"Removed","code":null,"sentence":"隔离 i-1 \"done\"","settlement":"complete","deadLettered":false,"replayed":false,"confirmedByReadBack":true,"deliveries":3,"attempts":4,"ecsCalls":5}""",
            ReportRow.Of(state, countsCalls: true).ToJson());
    }

    [Fact]
    public void Calls_that_nobody_counts_are_not_in_the_row()
    {
        Assert.DoesNotContain("ecsCalls", ReportRow.Of(new(Line), countsCalls: false).ToJson(), StringComparison.Ordinal);
    }

    private static Delivery Delivered(int count) =>
        new() { MessageId = Line.MessageId, Body = Line.Body, EnqueuedAt = DateTimeOffset.UnixEpoch, DeliveryCount = count };
}
