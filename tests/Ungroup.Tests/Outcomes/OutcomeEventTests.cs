using System.Net.Mime;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudNative.CloudEvents.SystemTextJson;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Outcomes;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Outcomes;

public sealed class OutcomeEventTests
{
    private static readonly Outcome Removed = new()
    {
        Status = OutcomeStatus.Removed,
        Sentence = "i-bp1web1 left sg-bp1web.",
        EcsRequestIds = ["473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E"],
        ConfirmedByReadBack = true,
        GroupsAfter = ["sg-bp1base"],
    };

    [Fact]
    public void The_published_event_is_the_one_in_the_documentation() =>
        Snapshot.Matches(Indented(Write()), "tests/Ungroup.Tests/Outcomes/OutcomeEvent.verified.json");

    [Fact]
    public void The_official_CloudEvents_library_reads_the_event()
    {
        var told = Write();

        var read = new JsonEventFormatter().DecodeStructuredModeMessage(told.Json, new ContentType(OutcomeEvent.ContentType), null);

        Assert.True(read.IsValid);
        Assert.Equal((told.Id, told.Type, told.Subject), (read.Id, read.Type, read.Subject));
        Assert.Equal(Some.Now, read.Time);
        Assert.Equal("Removed", ((JsonElement)read.Data!).GetProperty("status").GetString());
    }

    [Fact]
    public void The_id_of_a_request_depends_on_account_key_and_status_alone()
    {
        var id = OutcomeIds.Of("default", "r-1", OutcomeStatus.Removed);

        Assert.Equal("3830fcd8628ea1367d3d6e834f0865d5", id);
        Assert.NotEqual(id, OutcomeIds.Of("other", "r-1", OutcomeStatus.Removed));
        Assert.NotEqual(id, OutcomeIds.Of("default", "r-2", OutcomeStatus.Removed));
        Assert.NotEqual(id, OutcomeIds.Of("default", "r-1", OutcomeStatus.Failed));
    }

    [Fact]
    public void The_id_of_what_has_no_record_depends_on_all_that_its_event_says()
    {
        var rejected = new Outcome { Status = OutcomeStatus.Rejected, Code = "InvalidRequest", Sentence = "No." };
        string[] ids =
        [
            OutcomeIds.Of("default", Some.Delivery(), rejected),
            OutcomeIds.Of("other", Some.Delivery(), rejected),
            OutcomeIds.Of("default", Some.Delivery(messageId: "m-2"), rejected),
            OutcomeIds.Of("default", Some.Delivery("{}"), rejected),
            OutcomeIds.Of("default", Some.Delivery(), rejected with { Code = "IdempotencyConflict" }),
            OutcomeIds.Of("default", Some.Delivery(), rejected with { Sentence = "Nor now." }),
            OutcomeIds.Of("default", "r-1", OutcomeStatus.Rejected),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids[0], OutcomeIds.Of("default", Some.Delivery() with { DeliveryCount = 7, EnqueuedAt = default }, rejected));
    }

    [Theory]
    [InlineData(nameof(Origin.Upstream))]
    [InlineData(nameof(Origin.Incident))]
    [InlineData(nameof(Origin.Cleanup))]
    public void What_an_event_is_known_to_say_is_what_it_says(string origin)
    {
        var told = OutcomeEventWriter.Write(Some.Request() with { Origin = Enum.Parse<Origin>(origin) }, Removed with { Code = "C" }, Some.Delivery(), Some.Now);
        var read = new OutcomeEvent(told.Id, told.Type, told.Subject, told.Json);

        Assert.Equal(read.ReadFacts(), told.ReadFacts());
        Assert.Equal(read.FilterProperties(), told.FilterProperties());
        Assert.Equal(read, told);
    }

    [Fact]
    public void Words_of_any_script_stay_readable() =>
        Assert.Contains(
            "隔离主机",
            Encoding.UTF8.GetString(OutcomeEventWriter.Write(
                Some.Request() with { Reason = "隔离主机" }, Removed, Some.Delivery(), Some.Now).Json.Span),
            StringComparison.Ordinal);

    private static OutcomeEvent Write()
    {
        var record = new LedgerRecord
        {
            Key = new("default", "r-1"),
            PayloadHash = "",
            State = LedgerState.Called,
            Attempts = 2,
            FirstSeenAt = Some.Now.AddSeconds(-2),
            Deadline = Some.Deadline,
            MessageId = "m-1",
            ForgetAt = Some.Now,
        };
        return OutcomeEventWriter.Write(Some.Request() with { RequestedBy = "playbook/contain" }, Removed, record, "m-1", Some.Now);
    }

    private static string Indented(OutcomeEvent told) =>
        JsonNode.Parse(told.Json.Span)!.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) + "\n";
}
