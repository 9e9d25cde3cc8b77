using System.Text;
using Ungroup.Intake;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Intake;

public sealed class IntakeResultTests
{
    [Fact]
    public void An_accepted_request_is_told_its_key_its_message_and_its_queue() => Assert.Equal(
        """{"status":"accepted","requestId":"r-1","account":"default","messageId":"r-1","queue":"removals","location":"/there"}""",
        IntakeResult.Of(Accepted(), IntakeStatus.Accepted, "/there").ToJson());

    [Fact]
    public void An_unconfirmed_one_is_told_what_to_do() => Assert.Equal(
        """
        {"results":[{"status":"unconfirmed","requestId":"r-1","account":"default","messageId":"r-1","queue":"removals","location":"/there","sentence":"The queue did not confirm that it has this request; send it again with this requestId."}]}
        """,
        IntakeResult.ToJson([IntakeResult.Of(Accepted(), IntakeStatus.Unconfirmed, "/there")]));

    [Fact]
    public void An_invalid_one_is_told_which_member_to_change()
    {
        var invalid = Assert.IsType<IntakeItem.Invalid>(Read(Some.Body[..^1] + ",\"dryrun\":true}"));

        Assert.Equal(
            """
            {"status":400,"title":"Invalid request","detail":"See problems.","problems":[{"member":"dryrun","sentence":"\u0060dryrun\u0060 is not a member of a request; did you mean \u0060dryRun\u0060?"}],"results":[{"status":"invalid","requestId":"r-1","account":"default","problems":[{"member":"dryrun","sentence":"\u0060dryrun\u0060 is not a member of a request; did you mean \u0060dryRun\u0060?"}]}]}
            """,
            new Problem(400, "Invalid request", "See problems.") { Problems = invalid.Why.Problems, Results = [IntakeResult.Of(invalid)] }.ToJson());
    }

    private static IntakeItem.Accepted Accepted() => Assert.IsType<IntakeItem.Accepted>(Read(Some.Body));

    private static IntakeItem Read(string body) => Assert.IsType<IntakeReading.One>(
        new IntakeReader(Some.Reader, TimeProvider.System).Read(Encoding.UTF8.GetBytes(body), "application/json")).Item;
}
