namespace Ungroup.EndToEnd.Tests;

/// <summary><c>ungroup worker</c>, told where the broker and the ECS of a test are.</summary>
internal static class WorkerProcess
{
    public static CliProcess Start(
        string bus, Uri ecs, WorkerLedger ledger, params IEnumerable<(string Name, string Value)> environment) => CliProcess.Start(
        ["worker", "--bus", bus, "--ecs-endpoint", ecs.ToString(), "--queue", "removals", .. ledger.Arguments],
        [
            ("UNGROUP__Accounts__default__Credentials", "Static"),
            ("UNGROUP__Accounts__default__AccessKeyId", "sandbox-key"),
            ("UNGROUP__Accounts__default__AccessKeySecret", "sandbox-secret"),
            .. ledger.Settings,
            .. environment,
        ]);
}
