using System.Text.Json.Nodes;
using CsCheck;
using Ungroup.Jobs;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Contracts;

public sealed class ContractTests
{
    public static TheoryData<string> MembersWithPattern => [.. Schema()["properties"]!.AsObject()
        .Where(member => member.Value!["pattern"] is not null && member.Key != "regionId")
        .Select(member => member.Key)];

    [Fact]
    public void The_request_schema_is_the_one_in_the_documentation() => Snapshot.Matches(ContractSchemas.Request(), "docs/request.schema.json");

    [Fact]
    public void The_outcome_schema_is_the_one_in_the_documentation() => Snapshot.Matches(ContractSchemas.Outcome(), "docs/outcome.schema.json");

    [Fact]
    public void The_schema_of_a_job_is_the_one_in_the_documentation() => Snapshot.Matches(ContractSchemas.Job(), "docs/job.schema.json");

    [Fact]
    public void The_reader_of_jobs_knows_the_members_of_the_schema_and_no_others() =>
        Assert.Equal(
            JsonNode.Parse(ContractSchemas.Job())!["properties"]!.AsObject().Select(member => member.Key).Order(),
            JobMembers.Names.Order());

    [Fact]
    public void The_reader_knows_the_members_of_the_schema_and_no_others() =>
        Assert.Equal(
            Schema()["properties"]!.AsObject().Select(member => member.Key).Order(),
            RequestMembers.Names.Order());

    [Theory]
    [MemberData(nameof(MembersWithPattern))]
    public void The_reader_accepts_what_the_pattern_of_the_schema_accepts(string member)
    {
        var pattern = Schema()["properties"]![member]!["pattern"]!.GetValue<string>();
        var prefix = pattern[1..pattern.IndexOf('[', StringComparison.Ordinal)];
        var values = Gen.OneOf(
            Gen.String[Gen.Char.AlphaNumeric, 0, 130].Select(suffix => prefix + suffix),
            Gen.String[Gen.OneOf(Gen.Char.AlphaNumeric, Gen.Char["-_.:/ é"]), 0, 8].Select(suffix => prefix + suffix));

        values.Sample(value => Assert.Equal(
            System.Text.RegularExpressions.Regex.IsMatch(value, pattern, System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)),
            !ProblemsWith(member, value).Any()));
    }

    /// <summary>Which of the names of that form are regions is known to the worker, and not to a schema.</summary>
    [Fact]
    public void Every_region_the_reader_knows_has_the_form_of_the_schema()
    {
        var pattern = Schema()["properties"]!["regionId"]!["pattern"]!.GetValue<string>();

        Assert.All(Regions.BuiltIn, region =>
        {
            Assert.Matches(pattern, region);
            Assert.Empty(ProblemsWith("regionId", region));
        });
    }

    private static IEnumerable<RequestProblem> ProblemsWith(string member, string value)
    {
        var actions = RequestMembers.BelongsTo.GetValueOrDefault(member, [RequestAction.Remove]);
        var body = JsonNode.Parse(
            actions.Contains(RequestAction.Remove) ? Some.Body : actions.Contains(RequestAction.Contain) ? Some.ContainBody : Some.RestoreBody)!.AsObject();
        if (member == "networkInterfaceId")
        {
            body.Remove("instanceId");
        }

        body[member] = value;
        var parsed = new RequestReader(KnownAccounts.Unchecked).Read(Some.Delivery(body.ToJsonString()));
        return parsed is ParsedRequest.Invalid invalid ? invalid.Problems.Where(problem => problem.Member == member) : [];
    }

    private static JsonNode Schema() => JsonNode.Parse(ContractSchemas.Request())!;
}
