using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

public sealed class JobReaderTests
{
    [Fact]
    public void A_list_is_read_and_put_into_the_order_of_its_ids()
    {
        var job = SomeJob.Request;

        Assert.Equal(new("default", "JOB-7"), job.Key);
        Assert.Equal(["eni-3", "i-1", "i-2"], job.Resources!);
        Assert.Equal((RequestAction.Remove, "sg-legacy", "cn-hangzhou", JobApprovalRule.None), (job.Action, job.Group, job.RegionId, job.Approval));
        Assert.Null(job.MaxFailures);
    }

    [Fact]
    public void Everything_a_job_may_say_is_read()
    {
        var job = SomeJob.Read(
            """
            {"jobId":"a:b.c-d_e","account":"beijing","action":"contain","select":{"memberOf":"sg-legacy","tags":{"env":"dev","":"x"},"exceptTags":{"protect":"true"}},
             "most":0,"stopIfMoreThan":"10%","maxFailures":0,"approval":"required","dryRun":true,"origin":"cleanup","requestedBy":"inventory","reason":"why",
             "notBefore":"2026-01-03T00:00:00Z","expiresAt":"2026-01-04T00:00:00Z"}
            """.Replace(",\"\":\"x\"", "", StringComparison.Ordinal));

        Assert.Equal((RequestAction.Contain, "beijing", "cn-beijing", true), (job.Action, job.Account, job.RegionId, job.RegionIsDefault));
        Assert.Equal((0, 10, 0, JobApprovalRule.Required, true), (job.Most, job.StopIfMoreThan, job.MaxFailures, job.Approval, job.DryRun));
        Assert.Equal((Origin.Cleanup, "inventory", "why"), (job.Origin, job.RequestedBy, job.Reason));
        Assert.Equal(("sg-legacy", "dev", "true"), (job.Select!.MemberOf.Value, job.Select.Tags!["env"], job.Select.ExceptTags!["protect"]));
        Assert.Equal((new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), new(2026, 1, 4, 0, 0, 0, TimeSpan.Zero)), (job.NotBefore!.Value, job.ExpiresAt!.Value));
    }

    [Theory]
    [InlineData("\"resources\":[]", "`resources` was a list of 0; expected a list of 1 to 10,000")]
    [InlineData("\"resources\":\"i-1\"", "`resources` was \"i-1\"; expected a list")]
    [InlineData("\"resources\":[\"i-1\",\"i-2\",\"i-1\"]", "`resources[2]` was \"i-1\", which is named before")]
    [InlineData("\"resources\":[\"sg-1\",7]", "`resources[0]` was \"sg-1\"; expected the id of an instance", "`resources[1]` was 7;")]
    [InlineData("\"resources\":[\"i-1\"],\"select\":{\"memberOf\":\"sg-a\"}", "`resources` and `select` were both there")]
    [InlineData("\"resources\":[\"sg-1\"],\"select\":{\"memberof\":\"sg-a\"}", "`resources` and `select` were both there", "`resources[0]` was \"sg-1\"", "`select.memberof` is not a member", "`select.memberOf` was missing")]
    [InlineData("\"reason\":\"x\"", "`resources` and `select` were both missing")]
    [InlineData("\"resources\":[\"i-1\"],\"most\":3,\"stopIfMoreThan\":\"10%\"", "`most` belongs to `select`", "`stopIfMoreThan` belongs to `select`")]
    [InlineData("\"select\":{}", "`select.memberOf` was missing")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\",\"tag\":{}}", "`select.tag` is not a member of a selection")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\",\"exceptTags\":{}}", "`select.exceptTags` had 0 tags")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\",\"exceptTags\":null}", "`select.exceptTags` was null")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\",\"tags\":{\"protect\":true}}", "`select.tags` had \"protect\" with true")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\"},\"stopIfMoreThan\":10", "`stopIfMoreThan` was 10; expected whole per cent")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\"},\"stopIfMoreThan\":\"101%\"", "`stopIfMoreThan` was \"101%\"")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\"},\"stopIfMoreThan\":\"010%\"", "`stopIfMoreThan` was \"010%\"")]
    [InlineData("\"select\":{\"memberOf\":\"sg-a\"},\"most\":-1", "`most` was -1; expected a whole number, 0 to 10,000")]
    [InlineData("\"resources\":[\"i-1\"],\"maxFailures\":1.5", "`maxFailures` was 1.5; expected a whole number")]
    [InlineData("\"resources\":[\"i-1\"],\"maxFailures\":null", "`maxFailures` was null; expected a whole number, 0 to 10,000, or leave it out")]
    [InlineData("\"resources\":[\"i-1\"],\"approval\":\"yes\"", "`approval` was \"yes\"; expected \"none\" or \"required\"")]
    [InlineData("\"resources\":[\"i-1\"],\"action\":\"restore\"", "`action` was \"restore\"; expected \"remove\" or \"contain\"")]
    [InlineData("\"resources\":[\"i-1\"],\"isolationGroupId\":\"sg-b\"", "`isolationGroupId` belongs to contain")]
    [InlineData("\"resources\":[\"i-1\"],\"requestId\":\"r\"", "`requestId` is not a member of a job")]
    [InlineData("\"instanceId\":\"i-1\",\"resources\":[\"i-2\"]", "`instanceId` is not a member of a job; expected the resource in `resources`")]
    [InlineData("\"resources\":[\"i-1\"],\"dryrun\":true", "`dryrun` is not a member of a job; did you mean `dryRun`?")]
    public void What_is_wrong_is_told_in_a_sentence(string members, params string[] sentences)
    {
        var invalid = Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse($$"""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou",{{members}}}"""));

        Assert.Equal("JOB-7", invalid.JobId);
        Assert.All(sentences, sentence => Assert.Contains(invalid.Problems, problem => problem.Sentence.StartsWith(sentence, StringComparison.Ordinal)));
    }

    [Fact]
    public void Everything_is_told_at_once()
    {
        var invalid = Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse(
            """{"jobId":"JOB 7","account":"nobody","securityGroupId":"legacy","origin":"x","resources":["i-1","i-1"],"maxFailures":-1,"notBefore":"soon","extra":1}"""));

        Assert.Null(invalid.JobId);
        Assert.Equal(
            ["account", "jobId", "extra", "resources", "notBefore", "securityGroupId", "regionId", "origin", "maxFailures"],
            invalid.Problems.Select(problem => problem.Member));
    }

    [Theory]
    [InlineData("", "The body was empty")]
    [InlineData("[]", "The body was an array; expected a JSON object")]
    [InlineData("{\"jobId\":\"a\",\"jobId\":\"b\",\"resources\":[\"i-1\"]}", "`jobId` was there twice")]
    public void What_is_no_job_at_all_is_told_too(string body, string sentence)
    {
        var invalid = Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse(body));

        Assert.StartsWith(sentence, invalid.Problems[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_needs_its_region()
    {
        var invalid = Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse("""{"jobId":"j","account":"beijing","securityGroupId":"sg-a","resources":["i-1","eni-1"]}"""));

        Assert.Equal("regionId", Assert.Single(invalid.Problems).Member);
    }

    [Fact]
    public void A_resource_whose_request_would_have_too_long_a_key_is_refused()
    {
        var (jobId, id) = (new string('j', 64), "eni-" + new string('x', 60));

        var invalid = Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse($$"""{"jobId":"{{jobId}}","securityGroupId":"sg-a","regionId":"cn-hangzhou","resources":["{{id}}"]}"""));

        Assert.StartsWith("`resources[0]` makes a requestId of more than 128 characters", Assert.Single(invalid.Problems).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_resources_are_a_job_and_one_more_is_not()
    {
        string Body(int count) => $$"""{"jobId":"j","securityGroupId":"sg-a","regionId":"cn-hangzhou","resources":[{{string.Join(',', Enumerable.Range(0, count).Select(at => $"\"i-bp1abcdefghijklmn{at:000000}\""))}}]}""";

        Assert.Equal(10_000, SomeJob.Read(Body(10_000)).Resources!.Count);
        Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse(Body(10_001)));
        Assert.StartsWith("The body had", Assert.IsType<ParsedJob.Invalid>(SomeJob.Parse(Body(10_000), RequestReader.LongestBody)).Problems[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_child_is_an_ordinary_request_that_is_the_same_once_its_message_is_read()
    {
        var job = SomeJob.Request with { Origin = Origin.Cleanup, RequestedBy = "inventory", Reason = "why", ExpiresAt = Some.Now.AddDays(1), DryRun = true };

        var child = job.ChildOf("eni-3");

        Assert.Equal("JOB-7/eni-3", child.RequestId);
        var read = Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(child.ToBody()))).Request;
        Assert.Equal(PayloadHash.Of(child), PayloadHash.Of(read));
    }

    [Fact]
    public void A_child_of_a_containment_is_one()
    {
        var job = SomeJob.Read("""{"jobId":"j","account":"beijing","action":"contain","resources":["i-1"]}""");

        var read = Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(
            (job with { IsolationGroup = Some.Group("sg-isolation") }).ChildOf("i-1").ToBody()))).Request;

        Assert.Equal((RequestAction.Contain, "cn-beijing", "sg-isolation"), (read.Action, read.RegionId, read.IsolationGroup!.Value));
    }
}
