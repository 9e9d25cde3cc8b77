using Ungroup.Jobs;
using Ungroup.Jobs.Driving;

namespace Ungroup.Tests.Jobs.Selecting;

/// <summary>A selection is complete, or there is no plan.</summary>
public sealed class SelectionTests : IAsyncDisposable
{
    private readonly JobBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Members_of_both_kinds_are_selected_by_their_tags()
    {
        _bench.World.Instances(3, "sg-legacy", "env=dev").Instances(2, "sg-legacy", "env=prod", from: 10).Instances(2, "sg-legacy", "env=dev,protect=true", from: 20);
        _bench.World.Instances(1, "sg-elsewhere", "env=dev", from: 30);
        _bench.World.Add("eni-1", ["sg-legacy", "sg-other"], "env=dev", instance: "i-00000");
        _bench.World.Add("eni-2", ["sg-legacy", "sg-other"], "env=dev", instance: "i-00020");
        _bench.World.Add("eni-3", ["sg-legacy", "sg-other"], "env=dev", instance: "i-nobody-knows");
        _bench.World.Add("eni-4", ["sg-legacy", "sg-other"], "env=dev", managed: true);
        _bench.World.Add("eni-5", ["sg-legacy", "sg-other"], "Env=dev");

        var job = await _bench.RunAsync(Selecting(""","tags":{"env":"dev"},"exceptTags":{"protect":"true"}"""));

        Assert.Equal(JobEnd.Completed, job.EndedAs);
        Assert.Equal(["eni-1", "i-00000", "i-00001", "i-00002"], _bench.World.Left.Order(StringComparer.Ordinal));
        Assert.Equal(
            ["eni-3: the tags of its instance could not be read", "eni-4: a cloud product manages it, and ECS lets nobody else change its groups"],
            job.LeftOut!.Select(one => $"{one.Resource}: {one.Why}"));
    }

    [Fact]
    public async Task Tags_that_cannot_be_read_are_not_no_tag()
    {
        _bench.World.Instances(3, "sg-legacy");
        _bench.World["i-00001"].TagsAreThere = false;

        var job = await _bench.RunAsync(Selecting(""","exceptTags":{"protect":"true"}"""));

        Assert.Equal(["i-00000", "i-00002"], _bench.World.Left.Order());
        Assert.Equal("i-00001", Assert.Single(job.LeftOut!).Resource);
    }

    [Theory]
    [InlineData("DescribeInstances")]
    [InlineData("DescribeNetworkInterfaces")]
    public async Task Without_the_permission_there_is_no_plan_and_its_name_is_told(string action)
    {
        _bench.World.Instances(3, "sg-legacy");
        _bench.World.Denied.Add(action);

        var job = await _bench.RunAsync(Selecting());

        Assert.Equal(JobEnd.Failed, job.EndedAs);
        Assert.Contains(action, job.Sentence, StringComparison.Ordinal);
        Assert.Empty(_bench.World.Left);
    }

    [Fact]
    public async Task A_group_that_is_empty_is_a_plan_of_nothing()
    {
        var job = await _bench.RunAsync(Selecting());

        Assert.Equal([("notStarted", 0), ("open", 0), ("total", 0)], JobScenarioTests.Counts(job));
        Assert.Equal(JobEnd.Completed, job.EndedAs);
    }

    [Fact]
    public async Task Too_many_are_stopped_before_most_is_counted()
    {
        _bench.World.Instances(500, "sg-legacy", "env=dev").Instances(100, "sg-legacy", from: 500);

        var job = await _bench.RunAsync(Selecting(""","tags":{"env":"dev"}""", ",\"most\":20,\"stopIfMoreThan\":\"10%\""));

        Assert.Equal(JobEnd.Stopped, job.EndedAs);
        Assert.Equal("500 of the 600 members of sg-legacy were selected, more than 10 % (stopIfMoreThan); nothing was done.", job.Sentence);
        Assert.Empty(_bench.World.Left);
    }

    [Theory]
    [InlineData(9, nameof(JobEnd.Stopped))]
    [InlineData(10, nameof(JobEnd.Completed))]
    public async Task Per_cent_are_counted_in_whole_numbers(int members, string end)
    {
        _bench.World.Instances(1, "sg-legacy", "env=dev").Instances(members - 1, "sg-legacy", from: 1);

        Assert.Equal(end, (await _bench.RunAsync(Selecting(""","tags":{"env":"dev"}""", ",\"stopIfMoreThan\":\"10%\""))).EndedAs?.ToString());
    }

    [Theory]
    [InlineData("0%", nameof(JobEnd.Stopped))]
    [InlineData("100%", nameof(JobEnd.Completed))]
    public async Task Zero_means_zero(string percent, string end)
    {
        _bench.World.Instances(3, "sg-legacy");

        var job = await _bench.RunAsync(Selecting(more: $",\"stopIfMoreThan\":\"{percent}\",\"most\":0"));

        Assert.Equal(end, job.EndedAs?.ToString());
        Assert.Empty(_bench.World.Left);
    }

    [Fact]
    public async Task Most_takes_the_first_by_id_whatever_order_ECS_lists_them_in()
    {
        _bench.World.Instances(30, "sg-legacy");
        _bench.World.PageSize = 7;

        var job = await _bench.RunAsync(Selecting(more: ",\"most\":5"));

        Assert.Equal(Enumerable.Range(0, 5).Select(at => $"i-{at:D5}"), _bench.World.Left.Order());
        Assert.Equal(5, job.Counts["total"]);
    }

    [Fact]
    public async Task The_same_world_gives_the_same_plan_however_it_is_paged()
    {
        var hashes = new List<string?>();
        foreach (var pageSize in (int[])[100, 13])
        {
            await using var bench = new JobBench();
            bench.World.Instances(120, "sg-legacy").PageSize = pageSize;
            hashes.Add((await bench.RunAsync(Selecting(more: ",\"dryRun\":true"))).Plan);
        }

        Assert.Equal(hashes[0], hashes[1]);
    }

    [Fact]
    public async Task A_list_that_loses_members_while_it_is_read_is_read_again()
    {
        _bench.World.Instances(30, "sg-legacy").PageSize = 10;
        var listings = 0;
        _bench.World.Instead = (action, query) =>
        {
            if (action == "DescribeInstances" && query.GetValueOrDefault("NextToken") == "t10" && listings++ == 0)
            {
                query["NextToken"] = "t15";
            }

            return null;
        };

        var job = await _bench.RunAsync(Selecting());

        Assert.Equal(2, listings);
        Assert.Equal(30, job.Counts["Removed"]);
    }

    [Fact]
    public async Task A_list_that_is_never_whole_fails_the_plan()
    {
        _bench.World.Instances(30, "sg-legacy").PageSize = 10;
        _bench.World.Instead = (action, query) =>
        {
            if (query.GetValueOrDefault("NextToken") == "t10")
            {
                query["NextToken"] = "t15";
            }

            return null;
        };

        var job = await _bench.RunAsync(Selecting());

        Assert.Equal((JobEnd.Failed, "The members of sg-legacy could not be listed whole, 3 times: 25 of 30 came."), (job.EndedAs!.Value, job.Sentence));
    }

    [Fact]
    public async Task A_token_that_is_refused_begins_another_listing()
    {
        _bench.World.Instances(30, "sg-legacy").PageSize = 10;
        var refused = 0;
        _bench.World.Instead = (_, query) => query.GetValueOrDefault("NextToken") == "t20" && refused++ == 0 ? GroupWorld.Error("InvalidParameter.NextToken") : null;

        Assert.Equal(30, (await _bench.RunAsync(Selecting())).Counts["Removed"]);
    }

    [Fact]
    public async Task What_ECS_does_not_answer_is_waited_for()
    {
        _bench.World.Instances(30, "sg-legacy");
        var failures = 0;
        _bench.World.Instead = (action, _) => action == "DescribeInstances" && failures++ < 5 ? GroupWorld.Error("ServiceUnavailable") : null;

        Assert.Equal(30, (await _bench.RunAsync(Selecting())).Counts["Removed"]);
    }

    [Fact]
    public async Task Members_of_a_managed_group_are_left_out()
    {
        _bench.World.Instances(2, "sg-legacy");
        _bench.World.ManagedGroups.Add("sg-legacy");

        var job = await _bench.RunAsync(Selecting());

        Assert.Equal((JobEnd.Completed, 0), (job.EndedAs!.Value, job.Counts["total"]));
        Assert.Equal(["i-00000", "i-00001"], job.LeftOut!.Select(one => one.Resource));
    }

    [Fact]
    public async Task A_group_that_is_not_there_fails_the_plan()
    {
        var job = await _bench.RunAsync("""{"jobId":"JOB-7","securityGroupId":"sg-gone","regionId":"cn-hangzhou","select":{"memberOf":"sg-gone"}}""");

        Assert.Equal(JobEnd.Failed, job.EndedAs);
        Assert.Contains("ECS lists no group sg-gone in cn-hangzhou", job.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_warns_of_tags_that_are_asked_for_in_another_case_and_of_what_has_no_other_group()
    {
        _bench.World.Instances(2, "sg-legacy", "env=dev").Instances(3, "sg-legacy", "env=dev,Protect=true", from: 2).Add("i-last", ["sg-legacy"], "env=dev,protect=false,PROTECT=x");

        var job = await _bench.RunAsync(Selecting(",\"tags\":{\"env\":\"dev\"},\"exceptTags\":{\"protect\":\"true\"}"));

        Assert.Equal(
            [
                "i-last: in no other group than sg-legacy, and ECS lets nothing out of its last one.",
                "3 resources, the first i-00002: tagged \"Protect\", which is asked for in another case; keys and values of tags count letter by letter.",
            ],
            job.Warnings);
        Assert.Equal(job.Warnings, Assert.Single(_bench.Events("ungroup.job.Planned.v1")).GetProperty("warnings").EnumerateArray().Select(one => one.GetString()));
    }

    [Fact]
    public async Task A_plan_of_a_list_warns_of_what_is_elsewhere()
    {
        _bench.World.Instances(2, "sg-other-one").Instances(1, "sg-legacy", from: 2);

        Assert.Equal(
            ["i-00003: ECS has not shown that in cn-hangzhou.", "2 resources, the first i-00000: not in sg-legacy."],
            (await _bench.RunAsync(JobScenarioTests.Listing(4))).Warnings);
        Assert.Null((await _bench.RunAsync("""{"jobId":"JOB-8","securityGroupId":"sg-other","regionId":"cn-hangzhou","resources":["i-00000"]}""")).Warnings);
    }

    [Theory]
    [InlineData("\"securityGroupId\":\"sg-legacy\"")]
    [InlineData("\"action\":\"contain\",\"isolationGroupId\":\"sg-isolation\"")]
    public async Task A_group_that_is_not_there_is_no_group_without_members_whatever_is_to_be_done_with_them(string what)
    {
        var job = await _bench.RunAsync($$$"""{"jobId":"JOB-7",{{{what}}},"regionId":"cn-hangzhou","select":{"memberOf":"sg-gone"}}""");
        var empty = await _bench.RunAsync($$$"""{"jobId":"JOB-8",{{{what}}},"regionId":"cn-hangzhou","select":{"memberOf":"sg-empty"}}""");

        Assert.Equal((JobEnd.Failed, JobEnd.Completed), (job.EndedAs, empty.EndedAs));
        Assert.Contains("ECS lists no group sg-gone in cn-hangzhou", job.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Planning_goes_on_where_the_last_page_ended()
    {
        _bench.World.Instances(50, "sg-legacy").PageSize = 10;
        var waits = 0;
        _bench.World.Instead = (_, query) => query.GetValueOrDefault("NextToken") == "t30" && waits++ < 3 ? GroupWorld.Error("ServiceUnavailable") : null;

        await _bench.RunAsync(Selecting(), _ =>
        {
            _bench.Restart();
            return Task.CompletedTask;
        });

        Assert.Single(_bench.World.Calls, call => call.Action == "DescribeInstances" && call.Query.ContainsKey("SecurityGroupId") && !call.Query.ContainsKey("NextToken"));
    }

    private static string Selecting(string tags = "", string more = "") =>
        $$"""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","select":{"memberOf":"sg-legacy"{{tags}}}{{more}}}""";
}
