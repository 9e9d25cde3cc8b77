using System.Text;
using Ungroup.Requests;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Guardrails;

public sealed class ApprovalNeededTests
{
    private static readonly (string, string) Setting = ("Guardrails:ApprovalGroups", "SG-bp1web");

    [Fact]
    public async Task A_single_removal_from_such_a_group_is_refused_and_says_what_to_do()
    {
        await using var bench = new HandlerBench(settings: Setting);

        await bench.HandleAsync();

        var told = Assert.Single(bench.Bus.Published).ReadFacts();
        Assert.Equal(("Refused", "ApprovalNeeded"), (told.Status, told.Code));
        Assert.Equal("sg-bp1web is left with approval only (Guardrails:ApprovalGroups): submit a job, which is approved as a plan.", told.Sentence);
        Assert.Empty(bench.Ecs.Calls);
    }

    [Fact]
    public async Task What_a_job_asks_for_whose_plan_was_approved_is_done()
    {
        await using var bench = new HandlerBench(settings: Setting);
        bench.Ecs.OnLeave(Replies.Ok);
        var request = Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(Encoding.UTF8.GetBytes(Some.Body)))).Request;
        await bench.Ledger.AnnounceAsync(request, RequestDoor.ApprovedJob, "m-1", TestContext.Current.CancellationToken);

        await bench.HandleAsync();

        Assert.Equal("Removed", Assert.Single(bench.Bus.Published).ReadFacts().Status);
    }

    [Fact]
    public async Task A_job_that_was_submitted_where_the_group_is_not_listed_is_not_told_to_be_a_job()
    {
        await using var bench = new HandlerBench(settings: Setting);
        var request = Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(Encoding.UTF8.GetBytes(Some.Body)))).Request;
        await bench.Ledger.AnnounceAsync(request, RequestDoor.Job, "m-1", TestContext.Current.CancellationToken);

        await bench.HandleAsync();

        var told = Assert.Single(bench.Bus.Published).ReadFacts();
        Assert.Equal(("Refused", "ApprovalNeeded"), (told.Status, told.Code));
        Assert.Equal(
            "sg-bp1web is left with approval only (Guardrails:ApprovalGroups), and this job needed none where it was submitted: submit another one with `approval` `required`.",
            told.Sentence);
        Assert.Empty(bench.Ecs.Calls);
    }

    [Theory]
    [InlineData("ungroup-job", "approved")]
    [InlineData("door", "approvedJob")]
    public async Task No_property_stands_in_for_an_approval(string name, string value)
    {
        await using var bench = new HandlerBench(settings: Setting);

        await bench.HandleAsync(Some.Delivery(Some.Body) with { Properties = new Dictionary<string, object?> { [name] = value } });

        Assert.Equal("ApprovalNeeded", Assert.Single(bench.Bus.Published).ReadFacts().Code);
    }

    [Fact]
    public async Task Of_another_group_nothing_is_refused()
    {
        await using var bench = new HandlerBench(settings: ("Guardrails:ApprovalGroups", "sg-other"));
        bench.Ecs.OnLeave(Replies.Ok);

        await bench.HandleAsync();

        Assert.Equal("Removed", Assert.Single(bench.Bus.Published).ReadFacts().Status);
    }
}
