using Spectre.Console;
using Spectre.Console.Testing;
using Ungroup.Cli.Jobs;
using Ungroup.Jobs;

namespace Ungroup.EndToEnd.Tests.Jobs;

/// <summary>Somebody looks at a job, whatever others have written into it.</summary>
public sealed class JobProgressTests
{
    private const string Hostile = "[red]no[/] \u001b[2J \u202eback [";

    private static readonly DateTimeOffset Now = new(2026, 11, 30, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(40)]
    [InlineData(20)]
    public void Nothing_is_wider_than_the_terminal_nor_moves_its_cursor(int width)
    {
        var lines = Drawn(Running() with { Failures = [new(Hostile, Hostile, 3, "i-1")] }, width);

        Assert.All(lines, line => Assert.True(line.Length <= width, line));
        Assert.DoesNotContain(lines, line => line.Any(character => char.IsControl(character) || character is '\u202e'));
        Assert.Contains(lines, line => line.Contains('█', StringComparison.Ordinal) && line.Contains("62 %", StringComparison.Ordinal));
    }

    [Fact]
    public void Names_and_sentences_are_no_markup()
    {
        var lines = string.Join('\n', Drawn(Running() with { Failures = [new("Code", Hostile, 1, "i-1")], SecurityGroupId = "sg-[blue]x" }, 200));

        Assert.Contains("[red]no[/] ", lines, StringComparison.Ordinal);
        Assert.Contains("sg-[blue]x", lines, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acs:ram::1")]
    [InlineData(":dog:")]
    [InlineData("policy:dog:20260105T0600Z")]
    public void No_name_is_drawn_as_an_emoji(string jobId) => Assert.StartsWith($"{jobId}  Running", Drawn(Running() with { JobId = jobId }, 200)[0], StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 0, "░░░░")]
    [InlineData(1, 0, "█░")]
    [InlineData(9_999, 0, "█░")]
    [InlineData(10_000, 0, "█ 100 %")]
    public void One_of_ten_thousand_is_seen_and_all_are_not_all_before_they_are(int ended, int failed, string seen)
    {
        var job = Running(total: 10_000, ended) with { Failures = failed == 0 ? [] : [new("Code", "Said.", failed, "i-1")] };

        Assert.Contains(seen, string.Join('\n', Drawn(job, 80)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_terminal_without_such_letters_gets_others()
    {
        var bar = Assert.Single(Drawn(Running(), 80, unicode: false), line => line.Contains('%', StringComparison.Ordinal));

        Assert.Matches(@"^#+\.+  62 %", bar);
    }

    [Fact]
    public void A_job_is_told_with_who_decided_what_and_why()
    {
        var told = JobWords.Of(Running() with
        {
            Failures = [new("InstanceLocked", "It is locked.", 12, "i-7")],
            Approval = new("sha256:1", IsApproved: true, new("alice", Now, "asked the owners"), "command line"),
            Cancelled = new("bob", Now),
            LeftOut = [.. Enumerable.Range(1, 12).Select(number => new LeftOut($"i-x{number}", "its tags could not be read"))],
            Eta = Now,
        }).ToList();

        Assert.Contains("JOB-1: Running, 312 of 500 have ended.", told);
        Assert.Contains("Counts: Failed 12, Removed 300, open 88, notStarted 100.", told);
        Assert.Contains("12 failed, first i-7: InstanceLocked. It is locked.", told);
        Assert.Contains("Approved by alice, as said, by command line, at 2026-11-30T08:00:00Z: asked the owners", told);
        Assert.Contains("Cancelled by bob at 2026-11-30T08:00:00Z.", told);
        Assert.Contains("Left out: i-x1, its tags could not be read.", told);
        Assert.Contains("Left out as well: 2 or more; --json names the first 12.", told);
    }

    [Fact]
    public void Whoever_may_approve_is_told_how() => Assert.Contains(
        "ungroup job approve JOB-1 --plan sha256:1 --by NAME lets it run, ungroup job reject ends it. ungroup job results JOB-1 lists what is planned.",
        JobWords.Of(Running(total: 3, ended: 0) with { State = JobState.AwaitingApproval }));

    [Fact]
    public void A_command_that_is_told_names_the_account() => Assert.Contains(
        "ungroup job approve JOB-1 --account prod --plan sha256:1 --by NAME lets it run, ungroup job reject ends it. ungroup job results JOB-1 --account prod lists what is planned.",
        JobWords.Of(Running(total: 3, ended: 0) with { State = JobState.AwaitingApproval, Account = "prod" }));

    [Fact]
    public void A_job_that_waits_for_its_time_says_so() => Assert.Contains(
        "Nothing of it happens before 2026-11-30T08:00:00Z.",
        JobWords.Of(Running() with { State = JobState.Scheduled, Plan = null, NotBefore = Now }));

    [Fact]
    public void A_job_that_waits_says_what_for_under_its_bar_and_in_words()
    {
        var waiting = Running() with { Sentence = "88 requests wait: A hold on all requests by ops: change\u001b[2J freeze." };

        Assert.Contains(@"88 requests wait: A hold on all requests by ops: change\u{1b}[2J freeze.", JobWords.Of(waiting));
        Assert.Contains(Drawn(waiting, 80), line => line.Contains("88 requests wait: A hold on all requests by ops", StringComparison.Ordinal));
    }

    private static JobView Running(int total = 500, int ended = 312) => new()
    {
        JobId = "JOB-1",
        Account = "default",
        SecurityGroupId = "sg-legacy",
        State = JobState.Running,
        CreatedAt = Now,
        PlannedAt = Now,
        Plan = "sha256:1",
        MaxFailures = 50,
        Counts = new Dictionary<string, int>
        {
            ["total"] = total,
            ["open"] = total == 500 ? 88 : 0,
            ["notStarted"] = total == 500 ? 100 : total - ended,
            ["Removed"] = total == 500 ? 300 : ended,
            ["Failed"] = total == 500 ? 12 : 0,
        },
        Failures = [],
    };

    private static List<string> Drawn(JobView job, int width, bool unicode = true)
    {
        var console = new TestConsole { Profile = { Width = width, Capabilities = { Unicode = unicode } } };
        console.Write(JobProgress.Render(job, console.Profile));
        return [.. console.Output.Split('\n').Select(line => line.TrimEnd()).Where(line => line.Length > 0)];
    }
}
