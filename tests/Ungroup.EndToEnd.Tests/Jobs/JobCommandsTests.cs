using System.Globalization;
using System.Text;
using System.Text.Json;
using Ungroup.Sandbox.Broker;

namespace Ungroup.EndToEnd.Tests.Jobs;

/// <summary>The commands on a ledger and a queue that no worker has taken up yet.</summary>
public sealed class JobCommandsTests : IAsyncDisposable
{
    private readonly Scratch _scratch = new();
    private readonly string _ledger;
    private ServiceBusBroker? _broker;

    public JobCommandsTests() => _ledger = _scratch.File("ledger.db", "");

    public async ValueTask DisposeAsync()
    {
        await (_broker?.DisposeAsync() ?? default);
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_job_of_a_file_is_written_down_and_told()
    {
        var list = _scratch.File("ids.csv", "resource,owner\ni-2,a\ni-1,b\n");

        var said = await RunAsync(0, "job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--resources", list, "--reason", "gone by May", "--by", "ops");

        Assert.Equal("Job JOB-1 is written down. ungroup job watch JOB-1 shows how it goes on.\n", said);
        Assert.Equal(1, _broker!.Counts().Single().Active);
        var job = await StatusAsync("JOB-1");
        Assert.Equal(("Scheduled", "sg-legacy", "ops", "gone by May"), (Text(job, "state"), Text(job, "securityGroupId"), Text(job, "requestedBy"), Text(job, "reason")));
        Assert.Matches("^JOB-1: Scheduled.\nremove from sg-legacy, account default, asked for by ops, at .*Z: gone by May\n$", await RunAsync(0, "job", "status", "JOB-1"));
        Assert.StartsWith("JOB-1  Scheduled  remove from sg-legacy, account default, ", await RunAsync(0, "job", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_job_twice_is_one_and_another_of_its_name_is_refused()
    {
        string[] job = ["job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "env=dev", "--by", "ops"];
        await RunAsync(0, job);

        Assert.StartsWith("Job JOB-1 was written down before, and is the same.", await RunAsync(0, job), StringComparison.Ordinal);
        Assert.Contains("`jobId` JOB-1 belongs to a job first seen ", await ErrorAsync(1, [.. job, "--dry-run"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_selected_is_said_as_it_is_meant()
    {
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        await RunAsync(
            0, "job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "env=dev", "--select", "a=b=c", "--except", "protect=", "--most", "20",
            "--stop-if-more-than", "10%", "--max-failures", "3", "--approval", "required", "--origin", "cleanup", "--expires", tomorrow, "--dry-run", "--by", "ops");
        var same = _scratch.File("job.json", $$$"""
            {
              "jobId": "JOB-1", "securityGroupId": "sg-legacy", "regionId": "cn-hangzhou", "requestedBy": "ops", "origin": "cleanup", "dryRun": true, "maxFailures": 3, "approval": "required",
              "select": { "memberOf": "sg-legacy", "tags": { "env": "dev", "a": "b=c" }, "exceptTags": { "protect": "" } }, "most": 20, "stopIfMoreThan": "10%", "expiresAt": "{{{tomorrow}}}"
            }
            """);

        Assert.StartsWith("Job JOB-1 was written down before, and is the same.", await RunAsync(0, "job", "submit", same), StringComparison.Ordinal);
        Assert.StartsWith("Job JOB-1 was written down before, and is the same.", await RunAsync(0, File.ReadAllBytes(same), "job", "submit", "-"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_without_a_name_gets_one_and_standard_input_is_a_list()
    {
        var said = await RunAsync(0, Encoding.UTF8.GetBytes("i-1\ni-2\n"), "job", "submit", "--group", "sg-legacy", "--region", "cn-hangzhou", "--resources", "-", "--json");

        Assert.Matches("^job-[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$", Text(JsonElement.Parse(said), "jobId"));
    }

    [Theory]
    [InlineData("No resource is named; expected --resources FILE, or --select key=value", "--group", "sg-1")]
    [InlineData("--group is missing", "--select", "env=dev")]
    [InlineData("--resources and --select were both said", "--group", "sg-1", "--select", "env=dev", "--resources", "ids.txt")]
    [InlineData("--select was env; expected key=value, or * for every member.", "--group", "sg-1", "--select", "env")]
    [InlineData("--except was =x; expected key=value.", "--group", "sg-1", "--except", "=x")]
    [InlineData("--select has the key env twice", "--group", "sg-1", "--select", "env=dev", "--select", "env=prod")]
    [InlineData("`stopIfMoreThan` was \"10\"", "--group", "sg-1", "--select", "env=dev", "--stop-if-more-than", "10")]
    [InlineData("`securityGroupId` was \"legacy\"", "--group", "legacy", "--select", "env=dev")]
    [InlineData("`regionId` was missing", "--group", "sg-1", "--select", "env=dev")]
    [InlineData("`account` was \"prod\", which is not configured", "--group", "sg-1", "--select", "env=dev", "--account", "prod")]
    [InlineData("--group, --reason cannot be said beside job.json", "job.json", "--group", "sg-1", "--reason", "x")]
    [InlineData("nowhere.csv", "--group", "sg-1", "--resources", "nowhere.csv")]
    [InlineData("nowhere.json", "nowhere.json")]
    [InlineData("--timeout was 5; expected a time with its unit", "--group", "sg-1", "--select", "env=dev", "--timeout", "5")]
    public async Task A_slip_submits_nothing(string said, params string[] arguments)
    {
        Assert.Contains(said, await ErrorAsync(2, ["job", "submit", .. arguments]), StringComparison.Ordinal);
        Assert.Equal("There is no such job.\n", await RunAsync(0, "job", "list"));
    }

    [Fact]
    public async Task Too_many_resources_are_said()
    {
        var list = _scratch.File("ids.txt", string.Join('\n', Enumerable.Range(1, 10_001).Select(number => $"i-{number:D5}")));

        Assert.Contains(
            "`resources` was a list of 10,001; expected a list of 1 to 10,000 ids",
            await ErrorAsync(2, "job", "submit", "--group", "sg-1", "--region", "cn-hangzhou", "--resources", list), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_is_cancelled_once_and_for_all()
    {
        await RunAsync(0, "job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "*");

        Assert.Contains("Cancelled by ops at ", await RunAsync(0, "job", "cancel", "JOB-1", "--by", "ops", "--reason", "wrong group"), StringComparison.Ordinal);
        await RunAsync(0, "job", "cancel", "JOB-1", "--by", "others");
        var job = await StatusAsync("JOB-1");
        Assert.Equal(("ops", "wrong group"), (Text(job.GetProperty("cancelled"), "by"), Text(job.GetProperty("cancelled"), "reason")));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("watch")]
    [InlineData("results")]
    [InlineData("cancel")]
    [InlineData("approve", "--plan", Hash, "--by", "ops")]
    [InlineData("reject", "--plan", Hash, "--by", "ops")]
    public async Task A_job_that_nobody_knows_is_said(string command, params string[] more)
    {
        Assert.Contains("The ledger knows no job JOB-9 of account default", await ErrorAsync(1, ["job", command, "JOB-9", .. more]), StringComparison.Ordinal);
        Assert.Contains("`jobId` was \"JOB 9\"", await ErrorAsync(2, ["job", command, "JOB 9", .. more]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "has no plan yet", "--plan", Hash, "--by", "ops")]
    [InlineData(2, "`plan` was \"sha256:9f86\"", "--plan", "sha256:9f86", "--by", "ops")]
    [InlineData(2, "`by` was empty", "--plan", Hash, "--by", " ")]
    [InlineData(2, "--by", "--plan", Hash)]
    [InlineData(2, "--plan", "--by", "ops")]
    public async Task A_decision_names_the_whole_plan_and_who_decides(int code, string said, params string[] arguments)
    {
        await RunAsync(0, "job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "*", "--approval", "required", "--by", "inventory");

        Assert.Contains(said, await ErrorAsync(code, ["job", "approve", "JOB-1", .. arguments]), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "`state` was \"Runing\"; did you mean Running?", "list", "--state", "Runing")]
    [InlineData(2, "`limit` was \"0\"", "list", "--limit", "0")]
    [InlineData(2, "`after` was \"x\"", "list", "--after", "x")]
    [InlineData(2, "--csv and --json were both said", "results", "JOB-1", "--csv", "--json")]
    [InlineData(2, "Required command was not provided.")]
    public async Task A_slip_is_said(int code, string said, params string[] arguments) =>
        Assert.Contains(said, await ErrorAsync(code, ["job", .. arguments]), StringComparison.Ordinal);

    [Fact]
    public async Task Without_the_bus_nothing_is_submitted_and_what_is_there_is_told()
    {
        string[] submit = ["job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "*"];
        var terminal = new Terminal();
        Assert.Equal(2, await terminal.RunAsync([.. submit, "--ledger-path", _ledger]));
        Assert.Contains("No bus is given", terminal.Error, StringComparison.Ordinal);
        await RunAsync(0, submit);
        var bus = _broker!.ConnectionString;
        await _broker.DisposeAsync();

        terminal = new();
        Assert.Equal(2, await terminal.RunAsync(["job", "submit", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "*", "--ledger-path", _ledger, "--bus", bus]));
        Assert.Contains("removals-jobs at sb://127.0.0.1:", terminal.Error, StringComparison.Ordinal);
        Assert.StartsWith("JOB-1: Scheduled", await RunAsync(0, "job", "status", "JOB-1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_more_time_is_told_that_the_job_goes_on()
    {
        await RunAsync(0, "job", "submit", "--id", "JOB-1", "--group", "sg-legacy", "--region", "cn-hangzhou", "--select", "*");
        var terminal = new Terminal();

        Assert.Equal(1, await terminal.RunAsync("job", "watch", "JOB-1", "--timeout", "0s", "--ledger-path", _ledger));
        Assert.StartsWith("JOB-1: Scheduled\nJOB-1: Scheduled.\n", terminal.Out, StringComparison.Ordinal);
        Assert.Equal("ungroup: the time is over, and JOB-1 is Scheduled: it goes on by itself, and ungroup job watch JOB-1 looks on.\n", terminal.Error);
    }

    private const string Hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    private static string? Text(JsonElement json, string member) => json.GetProperty(member).GetString();

    private async Task<JsonElement> StatusAsync(string job) => JsonElement.Parse(await RunAsync(0, "job", "status", job, "--json"));

    private Task<string> RunAsync(int code, params string[] arguments) => RunAsync(code, [], arguments);

    private async Task<string> RunAsync(int code, byte[] input, params string[] arguments)
    {
        var terminal = new Terminal { Input = input };
        Assert.True(await terminal.RunAsync([.. arguments, .. await SettingsAsync(arguments)]) == code, terminal.Error);
        return terminal.Out;
    }

    private async Task<string> ErrorAsync(int code, params string[] arguments)
    {
        var terminal = new Terminal();
        Assert.Equal(code, await terminal.RunAsync([.. arguments, .. await SettingsAsync(arguments)]));
        Assert.Equal("", terminal.Out);
        return terminal.Error;
    }

    private async Task<string[]> SettingsAsync(string[] arguments)
    {
        _broker ??= await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new QueueOptions { Name = "removals-jobs" }] });
        return arguments.ElementAtOrDefault(1) switch
        {
            "submit" or "cancel" or "approve" or "reject" => ["--bus", _broker.ConnectionString, "--ledger-path", _ledger],
            null => [],
            _ => ["--ledger-path", _ledger],
        };
    }
}
