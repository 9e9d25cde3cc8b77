using Ungroup.Intake;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Requests;

public sealed class MisplacedMembersTests
{
    [Theory]
    [InlineData("dryRun")]
    [InlineData("dryrun")]
    [InlineData("DRY_RUN")]
    [InlineData("dry-run")]
    [InlineData("x-dry-run")]
    [InlineData("isDryRun")]
    [InlineData("dryRnu")]
    [InlineData("dryRu")]
    [InlineData("drryRun")]
    [InlineData("dryFun")]
    [InlineData("cloudEvents:dryrun")]
    [InlineData("cloudEvents_dryRun")]
    [InlineData("cloudEvents:dryRun")]
    [InlineData("CLOUDEVENTS:DRYRUN")]
    [InlineData("ce-dryrun")]
    public void A_dry_run_that_was_asked_for_beside_the_body_is_refused_and_never_overlooked(string name)
    {
        foreach (var value in new object?[] { true, "true", "yes", false, 1, null, "" })
        {
            var problem = Assert.Single(Problems(name, value));
            Assert.Equal("dryRun", problem.Member);
            Assert.Contains("expected `dryRun` in the body", problem.Sentence, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("instance_id", "instanceId")]
    [InlineData("NotBefore", "notBefore")]
    [InlineData("expires-at", "expiresAt")]
    [InlineData("cloudEvents:expiresat", "expiresAt")]
    [InlineData("cloudEvents_account", "account")]
    [InlineData("account", "account")]
    [InlineData("requestid", "requestId")]
    [InlineData("origin", "origin")]
    public void So_is_any_other_member(string name, string member) => Assert.Equal(member, Assert.Single(Problems(name, "something")).Member);

    [Theory]
    [InlineData("traceparent")]
    [InlineData("DeadLetterReason")]
    [InlineData("DeadLetterErrorDescription")]
    [InlineData("cloudEvents:id")]
    [InlineData("cloudEvents:source")]
    [InlineData("cloudEvents:time")]
    [InlineData("cloudEvents:comacmetenant")]
    [InlineData("priority")]
    [InlineData("accounts")]
    [InlineData("season")]
    [InlineData("")]
    public void What_means_no_member_is_the_senders_business(string name) => Assert.Empty(Problems(name, "something"));

    [Theory]
    [InlineData("requestId", "r-1")]
    [InlineData("instance-id", "i-bp1web1")]
    [InlineData("origin", "incident")]
    [InlineData("dryRun", true)]
    [InlineData("dryRun", "True")]
    public void A_property_that_repeats_what_the_body_says_for_a_filter_does_no_harm(string name, object value) =>
        Assert.Empty(Problems(name, value, Some.Body.Replace("{", "{\"origin\":\"incident\",\"dryRun\":true,", StringComparison.Ordinal)));

    [Fact]
    public void An_attribute_of_an_event_is_no_place_for_a_member_even_where_it_repeats_it() =>
        Assert.Single(Problems("cloudEvents:requestid", "r-1"));

    [Theory]
    [InlineData("dryrn")]
    [InlineData("isdryrun")]
    [InlineData("expiresat")]
    public void A_structured_event_knows_the_same_names(string attribute)
    {
        var body = $$"""{"specversion":"1.0","id":"e","source":"/s","type":"t","{{attribute}}":true,"data":{{Some.Body}}}""";

        Assert.Equal(attribute, Assert.Single(Assert.IsType<ParsedRequest.Invalid>(Some.Reader.Read(Some.Delivery(body))).Problems).Member);
    }

    [Fact]
    public void What_stands_beside_a_body_over_HTTP_is_no_place_for_a_member_either()
    {
        var read = new IntakeReader(Some.Reader, TimeProvider.System).Read(
            Some.Delivery().Body, "application/json", new Dictionary<string, object?> { ["dryRun"] = "true", ["code"] = "a-key" });

        var invalid = Assert.IsType<IntakeItem.Invalid>(Assert.IsType<IntakeReading.One>(read).Item);
        Assert.Equal("dryRun", Assert.Single(invalid.Why.Problems).Member);
    }

    [Fact]
    public async Task Fault_43_A_dry_run_that_was_asked_for_in_the_wrong_place_removes_nothing()
    {
        await using var bench = new HandlerBench();
        bench.Ecs.OnLeave(Replies.Ok);

        var settlement = await bench.HandleAsync(Some.Delivery() with { Properties = new Dictionary<string, object?> { ["cloudEvents:dryrun"] = true } });

        Assert.Equal("InvalidRequest", Assert.IsType<Settlement.DeadLetter>(settlement).Reason);
        Assert.Empty(bench.Ecs.Calls);
    }

    private static IReadOnlyList<RequestProblem> Problems(string name, object? value, string body = Some.Body) =>
        Some.Reader.Read(Some.Delivery(body) with { Properties = new Dictionary<string, object?> { [name] = value } }) is ParsedRequest.Invalid invalid
            ? invalid.Problems
            : [];
}
