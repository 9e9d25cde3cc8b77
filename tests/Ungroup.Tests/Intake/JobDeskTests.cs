using System.Text;
using System.Text.Json;
using Ungroup.Intake;
using Ungroup.Jobs;
using Ungroup.Jobs.Driving;
using Ungroup.Tests.Jobs;

namespace Ungroup.Tests.Intake;

public sealed class JobDeskTests : IAsyncDisposable
{
    private static readonly JobKey Key = new("default", "JOB-7");

    private readonly JobBench _bench = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private JobDesk Desk => _bench.Get<JobDesk>();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task A_job_is_taken_once_and_told_from_then_on()
    {
        var first = Assert.IsType<JobReply.Taken>(await SubmitAsync(JobScenarioTests.Listing(3)));
        var again = Assert.IsType<JobReply.Taken>(await SubmitAsync(JobScenarioTests.Listing(3)));

        Assert.Equal((true, false, "JOB-7", "default"), (first.IsNew, again.IsNew, again.JobId, again.Account));
        var told = JsonElement.Parse(Assert.IsType<JobReply.Told>(await _bench.Get<JobQuery>().ReadAsync("JOB-7", null, Stop)).ToJson());
        Assert.Equal(("JOB-7", "Scheduled"), (told.GetProperty("jobId").GetString(), told.GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Another_job_of_the_same_name_is_a_conflict()
    {
        await SubmitAsync(JobScenarioTests.Listing(3));

        Assert.Equal("IdempotencyConflict", Assert.IsType<JobReply.Refused>(await SubmitAsync(JobScenarioTests.Listing(4))).Code);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once()
    {
        var invalid = Assert.IsType<JobReply.Invalid>(await SubmitAsync("""{"jobid":"JOB-7","resources":["i-1","i-1","x"],"maxFailures":-1}"""));

        Assert.Equal(
            ["jobId", "jobid", "maxFailures", "resources", "resources", "securityGroupId"],
            invalid.Problems.Select(problem => problem.Member).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_megabyte_is_taken_and_not_a_byte_more()
    {
        var body = JobScenarioTests.Listing(10_000);
        var most = body + new string(' ', JobDesk.LongestBody - body.Length);

        Assert.IsType<JobReply.Taken>(await SubmitAsync(most));
        Assert.Equal("body", Assert.Single(Assert.IsType<JobReply.Invalid>(await SubmitAsync(most + " ")).Problems).Member);
    }

    [Fact]
    public async Task A_job_whose_message_the_bus_did_not_take_is_written_down_and_begins_by_itself()
    {
        _bench.World.Instances(3, "sg-legacy");
        _bench.BreaksAfter = 0;

        Assert.Equal("JOB-7", Assert.IsType<JobReply.Unconfirmed>(await SubmitAsync(JobScenarioTests.Listing(3))).JobId);

        _bench.Clock.Advance(TimeSpan.FromMinutes(3));
        await _bench.Get<JobSweep>().RunAsync(Stop);
        Assert.Equal(JobEnd.Completed, (await _bench.DeliverAsync(Key)).EndedAs);
    }

    [Fact]
    public async Task A_job_whose_message_the_bus_did_not_take_begins_when_it_is_asked_for_again()
    {
        _bench.World.Instances(3, "sg-legacy");
        _bench.BreaksAfter = 0;
        await SubmitAsync(JobScenarioTests.Listing(3));

        Assert.False(Assert.IsType<JobReply.Taken>(await SubmitAsync(JobScenarioTests.Listing(3))).IsNew);

        Assert.Equal(JobEnd.Completed, (await _bench.DeliverAsync(Key)).EndedAs);
    }

    [Fact]
    public async Task A_cancelled_job_says_by_whom_and_why()
    {
        await SubmitAsync(JobScenarioTests.Listing(3));

        Assert.IsType<JobReply.Told>(await CancelAsync("""{"by":"dave","reason":"wrong\ngroup"}"""));
        Assert.IsType<JobReply.Told>(await CancelAsync(""));

        Assert.Equal("dave cancelled it (wrong group); nothing was planned.", (await _bench.DeliverAsync(Key)).Sentence);
        Assert.Empty(_bench.World.Left);
    }

    [Fact]
    public async Task A_cancel_without_a_name_is_somebody_s()
    {
        await SubmitAsync(JobScenarioTests.Listing(3));

        Assert.Equal("somebody over HTTP", Assert.IsType<JobReply.Told>(await CancelAsync("")).Job.Cancelled!.By);
    }

    [Theory]
    [InlineData("""{"by":"dave","because":"x"}""", "because", "is not a member of such an order")]
    [InlineData("""{"by":"dave","reson":"x"}""", "reson", "did you mean `reason`?")]
    [InlineData("""{"by":7}""", "by", "expected text")]
    [InlineData("""["dave"]""", "body", "expected a JSON object")]
    public async Task A_slip_in_a_cancel_cancels_nothing(string order, string member, string sentence)
    {
        await SubmitAsync(JobScenarioTests.Listing(3));

        var problem = Assert.Single(Assert.IsType<JobReply.Invalid>(await CancelAsync(order)).Problems);

        Assert.Equal(member, problem.Member);
        Assert.Contains(sentence, problem.Sentence, StringComparison.Ordinal);
        Assert.Null((await _bench.StatusAsync(Key)).Cancelled);
    }

    [Fact]
    public async Task What_is_approved_is_told_with_whoever_did_it()
    {
        var plan = await AwaitAsync();

        Assert.IsType<JobReply.Told>(await DecideAsync(Verdict(plan, "bob")));
        var job = await _bench.DeliverAsync(Key);

        Assert.Equal((JobEnd.Completed, 3), (job.EndedAs!.Value, job.Counts["Removed"]));
        Assert.Equal(("bob", "http", false), (job.Approval!.Decision.By, job.Approval.Door, job.Approval.IsVerified));
    }

    [Fact]
    public async Task A_proven_name_counts_more_than_a_said_one()
    {
        var plan = await AwaitAsync();

        var told = Assert.IsType<JobReply.Told>(await Desk.DecideAsync("JOB-7", null, Bytes(Verdict(plan, "somebody else")), JobCaller.OverHttp.Verified("bob@example.com", "t/o"), Stop));

        Assert.Equal(("bob@example.com", "t/o", true), (told.Job.Approval!.Decision.By, told.Job.Approval.Subject, told.Job.Approval.IsVerified));
    }

    [Fact]
    public async Task A_rejected_job_says_by_whom_and_why()
    {
        var plan = await AwaitAsync();

        Assert.IsType<JobReply.Told>(await DecideAsync(Verdict(plan, "bob", "reject", "not on a Friday")));

        Assert.Equal("bob rejected the plan (not on a Friday); nothing was done.", (await _bench.DeliverAsync(Key)).Sentence);
    }

    [Fact]
    public async Task Two_approvers_at_once_approve_once_and_are_both_told_who_did()
    {
        var plan = await AwaitAsync();

        var answers = await Task.WhenAll(DecideAsync(Verdict(plan, "bob")), DecideAsync(Verdict(plan, "carol")));

        Assert.Single(answers.Select(answer => Assert.IsType<JobReply.Told>(answer).Job.Approval!.Decision.By).Distinct());
        Assert.Equal(3, (await _bench.DeliverAsync(Key)).Counts["Removed"]);
    }

    [Fact]
    public async Task An_approval_that_comes_too_late_or_of_another_plan_or_by_the_requester_is_refused()
    {
        var plan = await AwaitAsync();
        var other = plan[..^1] + (plan[^1] == '0' ? '1' : '0');

        Assert.Equal("OtherPlan", Code(await DecideAsync(Verdict(other, "bob"))));
        Assert.Equal("OwnJob", Code(await DecideAsync(Verdict(plan, " ALICE"))));
        _bench.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Equal("Expired", Code(await DecideAsync(Verdict(plan, "bob"))));
        Assert.Empty(_bench.World.Left);
    }

    [Theory]
    [InlineData("", "body", "`plan`, `by` and `decision`")]
    [InlineData("""{"by":"bob","decision":"approve"}""", "plan", "expected the whole hash")]
    [InlineData("""{"plan":"sha256:ab12","by":"bob","decision":"approve"}""", "plan", "expected the whole hash")]
    [InlineData("""{"plan":"PLAN","decision":"approve"}""", "by", "`by` was missing")]
    [InlineData("""{"plan":"PLAN","by":" ","decision":"approve"}""", "by", "`by` was empty")]
    [InlineData("""{"plan":"PLAN","by":"bob"}""", "decision", "`decision` was missing")]
    [InlineData("""{"plan":"PLAN","by":"bob","decision":"approved"}""", "decision", "expected \"approve\" or \"reject\"")]
    [InlineData("""{"plan":"PLAN","by":"bob","decision":"approve","resaon":"x"}""", "resaon", "did you mean `reason`?")]
    public async Task A_slip_in_a_decision_decides_nothing(string order, string member, string sentence)
    {
        var plan = await AwaitAsync();

        var problem = Assert.Single(Assert.IsType<JobReply.Invalid>(await DecideAsync(order.Replace("PLAN", plan, StringComparison.Ordinal))).Problems);

        Assert.Equal(member, problem.Member);
        Assert.Contains(sentence, problem.Sentence, StringComparison.Ordinal);
        Assert.Null((await _bench.StatusAsync(Key)).Approval);
    }

    [Theory]
    [InlineData("JOB 7", null, "jobId")]
    [InlineData("", null, "jobId")]
    [InlineData("JOB-7", "prod", "account")]
    public async Task A_name_that_can_be_nobody_s_is_told(string jobId, string? account, string member)
    {
        Assert.Equal(member, Assert.Single(Assert.IsType<JobReply.Invalid>(await Desk.CancelAsync(jobId, account, default, JobCaller.OverHttp, Stop)).Problems).Member);
        Assert.Equal(member, Assert.Single(Assert.IsType<JobReply.Invalid>(await _bench.Get<JobQuery>().ReadAsync(jobId, account, Stop)).Problems).Member);
        Assert.Equal(member, Assert.Single(Assert.IsType<JobReply.Invalid>(await _bench.Get<JobQuery>().ResultsAsync(jobId, account, Stop)).Problems).Member);
    }

    [Fact]
    public async Task A_job_that_nobody_has_asked_for_is_unknown()
    {
        Assert.IsType<JobReply.Unknown>(await CancelAsync(""));
        Assert.IsType<JobReply.Unknown>(await DecideAsync(Verdict($"sha256:{new string('0', 64)}", "bob")));
    }

    private static string Verdict(string plan, string by, string decision = "approve", string reason = "") =>
        $$"""{"plan":"{{plan}}","by":"{{by}}","decision":"{{decision}}","reason":"{{reason}}"}""";

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Code(JobReply reply) => Assert.IsType<JobReply.Refused>(reply).Code;

    private Task<JobReply> SubmitAsync(string body) => Desk.SubmitAsync(Bytes(body), cancellationToken: Stop);

    private Task<JobReply> CancelAsync(string order) => Desk.CancelAsync("JOB-7", null, Bytes(order), JobCaller.OverHttp, Stop);

    private Task<JobReply> DecideAsync(string order) => Desk.DecideAsync("JOB-7", "default", Bytes(order), JobCaller.OverHttp, Stop);

    private async Task<string> AwaitAsync()
    {
        _bench.World.Instances(3, "sg-legacy");
        await SubmitAsync(JobScenarioTests.Listing(3, ",\"approval\":\"required\""));
        return (await _bench.DeliverAsync(Key, until: _bench.Clock.GetUtcNow().AddHours(1))).Plan!;
    }
}
