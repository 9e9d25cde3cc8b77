using Ungroup.Intake;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class RequestDoorTests
{
    private const string Contain = """{"requestId":"r-1","action":"contain","instanceId":"i-1","isolationGroupId":"sg-iso","regionId":"cn-hangzhou"}""";
    private const string Restore = """{"requestId":"r-2","action":"restore","of":"r-1"}""";
    private const string Undo = """{"requestId":"r-2","of":"r-1"}""";

    [Theory]
    [InlineData(RequestDoor.Queue, Some.Body, "Remove")]
    [InlineData(RequestDoor.Queue, Contain, "Contain")]
    [InlineData(RequestDoor.Queue, Restore, "Restore")]
    [InlineData(RequestDoor.Removals, Some.Body, "Remove")]
    [InlineData(RequestDoor.Removals, Contain, "Contain")]
    [InlineData(RequestDoor.Restores, Restore, "Restore")]
    [InlineData(RequestDoor.Restores, Undo, "Restore")]
    public void A_door_takes_its_actions(RequestDoor door, string body, string action) =>
        Assert.Equal(action, Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(body), door)).Request.Action.ToString());

    [Theory]
    [InlineData(RequestDoor.Removals, Restore, "POST /api/restores")]
    [InlineData(RequestDoor.Restores, Contain, "POST /api/removals")]
    [InlineData(RequestDoor.Restores, """{"requestId":"r-1","action":"remove","instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou"}""", "POST /api/removals")]
    public void A_door_refuses_other_actions_and_names_theirs(RequestDoor door, string body, string elsewhere)
    {
        var problem = Assert.Single(Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery(body), door)).Problems);

        Assert.Equal("action", problem.Member);
        Assert.Contains(elsewhere, problem.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removal_handed_in_as_a_restore_is_told_which_members_do_not_belong_there()
    {
        var problems = Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery(Some.Body), RequestDoor.Restores)).Problems;

        Assert.Equal(["instanceId", "of", "regionId", "securityGroupId"], problems.Select(problem => problem.Member).Order(StringComparer.Ordinal));
        Assert.Contains("left out, which means restore", problems[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Beside_a_restore_force_is_refused_and_not_overlooked()
    {
        var delivery = Some.Delivery(Undo) with { Properties = new Dictionary<string, object?> { ["force"] = "true" } };

        Assert.Equal("force", Assert.Single(Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(delivery, RequestDoor.Restores)).Problems).Member);
    }

    [Theory]
    [InlineData(Undo)]
    [InlineData("""{"requestId":"r-2","of":"r-1","account":"beijing","force":true,"origin":"incident","requestedBy":"Ä \"x\"","reason":"r","expiresAt":"2026-01-03T03:04:05+08:00","dryRun":true}""")]
    public void The_message_of_a_restore_says_restore_and_all_else_that_was_asked(string body)
    {
        var item = ReadOne(body, "application/json");

        var read = Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery([.. item.Body.Span]) with { ContentType = item.ContentType })).Request;
        Assert.Equal(item.Request, read);
        Assert.Equal(RequestAction.Restore, read.Action);
    }

    [Fact]
    public void A_restore_in_an_event_becomes_a_plain_message()
    {
        const string Event = $$"""{"specversion":"1.0","id":"e-1","source":"/playbook","type":"restore","data":{{Undo}}}""";

        var item = ReadOne(Event, "application/cloudevents+json");

        Assert.Equal("application/json", item.ContentType);
        Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery([.. item.Body.Span])));
    }

    private static IntakeItem.Accepted ReadOne(string body, string type)
    {
        var reading = new IntakeReader(Some.Reader, TimeProvider.System).Read(System.Text.Encoding.UTF8.GetBytes(body), type, door: RequestDoor.Restores);
        return Assert.IsType<IntakeItem.Accepted>(Assert.IsType<IntakeReading.One>(reading).Item);
    }
}
