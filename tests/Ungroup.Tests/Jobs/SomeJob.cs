using System.Text;
using Ungroup.Jobs;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Jobs;

/// <summary>Ordinary jobs; a test changes what it is about with <c>with</c>.</summary>
internal static class SomeJob
{
    public const string Body = """{"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou","resources":["i-2","i-1","eni-3"]}""";

    public static JobReader Reader { get; } = new(new KnownAccounts(
        new Dictionary<string, string?> { ["default"] = null, ["beijing"] = "cn-beijing" },
        isolationGroups: new Dictionary<string, IReadOnlyList<string>> { ["beijing"] = ["sg-isolation"] }));

    public static JobRequest Request { get; } = Read(Body);

    public static JobRequest Selecting { get; } = Read(
        """
        {"jobId":"JOB-7","securityGroupId":"sg-legacy","regionId":"cn-hangzhou",
         "select":{"memberOf":"sg-legacy","tags":{"env":"dev"},"exceptTags":{"protect":"true"}}}
        """);

    public static JobHead Head(JobRequest? request = null) => new()
    {
        Request = (request ?? Request) with { Resources = null },
        RequestHash = JobHashes.Of(request ?? Request),
        CreatedAt = Some.Now,
        NeedsApproval = (request ?? Request).Approval == JobApprovalRule.Required,
        Listed = (request ?? Request).Resources?.Count ?? 0,
        Turn = new("m-1", 0, Some.Now),
    };

    public static JobPlan Plan(int count, int? maxFailures = null) => new()
    {
        Hash = "sha256:0",
        Count = count,
        Rows = 1,
        MaxFailures = JobPlan.FailuresAllowed(maxFailures, count),
        PlannedAt = Some.Now,
    };

    public static JobRequest Read(string body) => Assert.IsType<ParsedJob.Accepted>(Parse(body)).Job;

    public static ParsedJob Parse(string body, int longest = JobReader.LongestBody) =>
        Reader.Read(new Delivery { MessageId = "m-1", Body = Encoding.UTF8.GetBytes(body), ContentType = "application/json", EnqueuedAt = Some.Now }, longest);

    public static ChildResult Result(int at, string status) => new($"i-{at}", status, status == "Failed" ? "InvalidInstanceId.NotFound" : null, $"i-{at} is {status}.");
}
