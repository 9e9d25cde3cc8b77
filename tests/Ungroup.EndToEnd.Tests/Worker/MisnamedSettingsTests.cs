namespace Ungroup.EndToEnd.Tests.Worker;

/// <summary>A setting with a slip in it ends the worker before it takes a message, by whatever way it came.</summary>
public sealed class MisnamedSettingsTests
{
    private static readonly string[] Worker = ["worker", "--bus", "Endpoint=sb://127.0.0.1:9;SharedAccessKeyName=u;SharedAccessKey=a2V5;UseDevelopmentEmulator=true", "--ledger", "memory"];

    [Theory]
    [InlineData("UNGROUP__Guardrails__ProtectedGroup__0", "sg-web", "Guardrails:ProtectedGroup (environment variable UNGROUP__Guardrails__ProtectedGroup) is no setting; did you mean Guardrails:ProtectedGroups?")]
    [InlineData("UNGROUP__Pace__Resreve", "0.5", "did you mean Pace:Reserve?")]
    [InlineData("UNGROUP__Worker__Concurency", "3", "Worker:Concurency (environment variable UNGROUP__Worker__Concurency) is no setting; did you mean Worker:Concurrency?")]
    [InlineData("UNGROUP__Pace__Quotas__LeaveSecurtyGroup", "100", "did you mean Pace:Quotas:LeaveSecurityGroup?")]
    [InlineData("UNGROUP__Guardrail__ProtectedGroups", "sg-web", "did you mean Guardrails:ProtectedGroups?")]
    [InlineData("UNGROUP__Guardrails__ProtectedGroups", "{\"0\":\"sg-web\"}", "protects nothing")]
    [InlineData("UNGROUP_Guardrails__ProtectedGroups", "sg-web", "UNGROUP_Guardrails__ProtectedGroups is never read")]
    [InlineData("UNGROUP_GUARDRAILS_PROTECTEDGROUPS", "sg-web", "UNGROUP_GUARDRAILS_PROTECTEDGROUPS is never read")]
    [InlineData("Guardrails__ProtectedGroups__0", "sg-web", "such as UNGROUP__Guardrails__ProtectedGroups__0.")]
    [InlineData("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "secret\n", "ALIBABA_CLOUD_ACCESS_KEY_SECRET ends with a line end")]
    public async Task Fault_55_A_variable_with_a_slip_ends_the_worker_with_its_sentence(string name, string value, string sentence)
    {
        await using var worker = CliProcess.Start(Worker, (name, value));

        Assert.Equal(2, await worker.EndAsync(TestContext.Current.CancellationToken));
        Assert.Contains(sentence, Assert.Single(worker.Lines, line => line.Length > 0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_told_at_once_and_a_status_says_it_as_well()
    {
        using var scratch = new Scratch();
        var file = scratch.File("settings.json", """{"Guardrails":{"ProtectedGroup":"sg-a"},"Worker":{"Concurrency":"many"},"Ecs":{"QuickTries":0},"Ledger":{"Keep":30}}""");
        var worker = new Terminal();
        var status = new Terminal();

        Assert.Equal(2, await worker.RunAsync("worker", "--settings", file));
        Assert.Equal(2, await status.RunAsync("status", "r-1", "--settings", file));

        Assert.Equal(5, worker.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("Worker:Concurrency (file settings.json) is \"many\"; expected a whole number.", worker.Error, StringComparison.Ordinal);
        Assert.Contains("Ledger:Keep (file settings.json) is \"30\"; expected a time with its unit", status.Error, StringComparison.Ordinal);
        Assert.Contains("Ecs:QuickTries must be between 1 and 10.", status.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_says_in_one_line_what_is_in_force()
    {
        await using var cloud = await RunningCloud.StartAsync(Crash.CrashWorld.Create(1, withFaults: false));
        await using var worker = cloud.StartWorker(new(["--ledger", "memory"], []), ("UNGROUP__Guardrails__ProtectedGroups", "sg-a,sg-b"), ("UNGROUP__Guardrails__ProtectedResources__0", "i-a"));

        await worker.LineAsync("ready", TestContext.Current.CancellationToken);

        Assert.Single(worker.Lines, line => line.Contains("In force: ledger in memory", StringComparison.Ordinal)
            && line.Contains("accounts default (Static", StringComparison.Ordinal) && line.Contains("protects 2 groups, 1 resource, 0 tags; nothing is held.", StringComparison.Ordinal));
    }
}
