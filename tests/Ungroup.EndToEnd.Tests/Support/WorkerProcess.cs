namespace Ungroup.EndToEnd.Tests.Support;

/// <summary><c>ungroup worker</c>, told where the broker and the ECS of a test are.</summary>
internal static class WorkerProcess
{
    /// <summary>For tests of memory and speed: a quota that is known, and too large to be met, so that nothing is learned step by step.</summary>
    public static readonly (string Name, string Value) LargeQuota = ("UNGROUP__Pace__Quotas__LeaveSecurityGroup", "1000000");

    public static CliProcess Start(string bus, Uri ecs, WorkerLedger ledger, params IEnumerable<(string Name, string Value)> environment) =>
        Start(bus, ecs, ledger, ["--queue", "removals"], environment);

    public static CliProcess Start(
        string bus, Uri ecs, WorkerLedger ledger, IReadOnlyList<string> arguments, params IEnumerable<(string Name, string Value)> environment) => CliProcess.Start(
        ["worker", "--bus", bus, "--ecs-endpoint", ecs.ToString(), .. arguments, .. ledger.Arguments],
        [
            ("UNGROUP__Accounts__default__Credentials", "Static"),
            ("UNGROUP__Accounts__default__AccessKeyId", "sandbox-key"),
            ("UNGROUP__Accounts__default__AccessKeySecret", "sandbox-secret"),
            .. ledger.Settings,
            .. environment,
        ]);
}
