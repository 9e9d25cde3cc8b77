using Spectre.Console;
using Ungroup.Requests;

namespace Ungroup.Cli.Explain;

/// <summary>The steps of <c>RemovalHandler</c>, in order, for a person.</summary>
internal static class Steps
{
    public static void Print(IAnsiConsole console, EffectiveSettings settings) => console.Rows(
        ["step", "what is done"],
        All(settings).Index().Select(step => (Cell[])[new($"{step.Index + 1,2} {step.Item.Name}", "bold"), new(step.Item.Text)]));

    private static IEnumerable<(string Name, string Text)> All(EffectiveSettings settings) =>
    [
        ("receive", $"from {string.Join(", ", settings.Worker.QueueNames)}, {settings.Worker.Concurrency} of each at once; "
            + "the lock is renewed while work goes on"),
        ("read", $"JSON of at most {RequestReader.LongestBody / 1024} KiB, plain or as a CloudEvent; "
            + "what cannot be read is Rejected, InvalidRequest, and dead-lettered; what has jobId is a job, which is written down and driven by a queue of its own"),
        ("claim", "in the ledger, insert first; decided before: the same event again, nothing else; "
            + "same key, other payload: Rejected, IdempotencyConflict"),
        ("wait", "until notBefore, on the broker; the record keeps the deadline"),
        ("expire", "Expired, when expiresAt has passed and ECS was never called"),
        ("refuse", $"Refused, when a guardrail says no, in this order: {string.Join(", ", settings.GuardrailNames)}"),
        ("plan", "dryRun only: Planned, after reading and changing nothing"),
        ("read back", "when an earlier call may have worked unseen: not a member any more is Removed, confirmed"),
        ("relatives", "where Guardrails:ProtectedResources may name them: an interface's instance, an instance's interfaces; Refused, when one is protected"),
        ("leave", "LeaveSecurityGroup, written down before it is sent, signed afresh at every try; what each no means is below"),
        ("contain", "contain and restore only, instead of the three steps before: the groups of the host are written down, then changed call by call, "
            + "with a look between any two"),
        ("record", "the outcome and its event, in one write"),
        ("publish", $"to {settings.Worker.Outcomes}; what is not taken stays pending, "
            + $"and a sweep every {settings.Worker.SweepEvery.TotalSeconds:0} s sends it"),
        ("settle", "complete, or dead-letter; a wait is a scheduled copy, sent before the original is completed"),
    ];
}
