namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>
/// One line of the world's `faults`: what happens to the next <see cref="Times"/> matching calls after the first <see cref="Skip"/>.
/// </summary>
internal sealed record Fault(string Kind, CallPattern Calls, int Times, int Skip)
{
    /// <summary>`retryAfterMs`, `delayMs` or `forMs`, whichever the kind has.</summary>
    public TimeSpan Span { get; init; }

    /// <summary>Of a refusal by any code: with which status.</summary>
    public int Status { get; init; } = 400;

    /// <summary>Whether the change is made before the answer is lost.</summary>
    public bool AfterApply { get; init; }
}
