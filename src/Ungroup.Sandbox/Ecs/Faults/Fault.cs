using Ungroup.Sandbox.Ecs.Actions;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>
/// One line of the world's `faults`: what happens to the next <see cref="Times"/> matching calls after the first <see cref="Skip"/>.
/// </summary>
internal sealed record Fault(string Kind, string Action, string On, int Times, int Skip)
{
    public const string Any = "*";

    /// <summary>`retryAfterMs`, `delayMs` or `forMs`, whichever the kind has.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>Of a refusal by any code: with which status.</summary>
    public int Status { get; init; } = 400;

    /// <summary>Whether the change is made before the answer is lost.</summary>
    public bool AfterApply { get; init; }

    /// <summary>Any action is any of ECS: what issues credentials fails only where it is named.</summary>
    public bool Matches(string action, IReadOnlyCollection<string> resources) =>
        (Action == Any ? ActionTable.Find(action) is not null : Action == action) && (On == Any || resources.Contains(On));
}
