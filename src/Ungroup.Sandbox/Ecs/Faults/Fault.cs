using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>
/// One line of the world's `faults`: what happens to the next <see cref="Times"/> matching calls after the first <see cref="Skip"/>.
/// </summary>
internal sealed record Fault(string Kind, string Action, string On, int Times, int Skip)
{
    public const string Any = "*";

    /// <summary>`retryAfterMs`, `delayMs` or `forMs`, whichever the kind has.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>Whether the change is made before the answer is lost.</summary>
    public bool AfterApply { get; init; }

    public bool Matches(EcsCall call) =>
        (Action == Any || Action == call.Action) && (On == Any || call.Resources.Contains(On));
}
