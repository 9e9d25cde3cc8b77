using System.Text.Json;
using Json.Schema;
using Ungroup.Functions.Tests.Support;
using Ungroup.Tests.Support;

namespace Ungroup.Functions.Tests.Http;

/// <summary>The schema says of a job what the door says.</summary>
public sealed class JobSchemaTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Snapshot.Find("docs/job.schema.json")));

    [Theory]
    [InlineData("""{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","resources":["i-2","i-1","eni-3"]}""", true)]
    [InlineData("""{"jobId":"J","action":"contain","isolationGroupId":"sg-i","regionId":"cn-hangzhou","resources":["i-1"]}""", true)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","select":{"memberOf":"sg-1","tags":{"env":"dev"}},"most":20,"stopIfMoreThan":"10%"}""", true)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"],"maxFailures":0,"approval":"required","dryRun":true,"origin":"cleanup"}""", true)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou"}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":[]}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1","i-1"]}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"],"select":{"memberOf":"sg-1"}}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"],"most":1}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","select":{"memberOf":"sg-1","tags":{}}}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","select":{"tags":{"env":"dev"}}}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","select":{"memberOf":"sg-1"},"stopIfMoreThan":"010%"}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","isolationGroupId":"sg-2","regionId":"cn-hangzhou","resources":["i-1"]}""", false)]
    [InlineData("""{"jobId":"J","action":"restore","regionId":"cn-hangzhou","resources":["i-1"]}""", false)]
    [InlineData("""{"securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"]}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"],"madeFrom":"K"}""", false)]
    [InlineData("""{"jobId":"J","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"],"maxFailures":10001}""", false)]
    public async Task The_schema_takes_the_jobs_that_the_door_takes(string body, bool isTaken)
    {
        await using var bench = new JobsBench();

        Assert.Equal(isTaken ? 202 : 400, (await bench.SubmitAsync(body)).Status);
        Assert.Equal(isTaken, Schema.Evaluate(JsonElement.Parse(body)).IsValid);
    }
}
