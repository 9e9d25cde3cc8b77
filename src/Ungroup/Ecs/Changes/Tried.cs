namespace Ungroup.Ecs.Changes;

/// <summary>What one try came to. Only the pipeline knows how many tries there are.</summary>
internal abstract record Tried
{
    private Tried()
    {
    }

    /// <summary>This delivery has nothing more to do.</summary>
    public sealed record Done(RemovalVerdict Verdict) : Tried;

    /// <summary>Worth another try within this delivery.</summary>
    /// <param name="Otherwise">What it comes to when there are no tries left.</param>
    /// <param name="Pause">How long to wait first; null leaves it to the pipeline's backoff.</param>
    public sealed record Again(RemovalVerdict.Wait Otherwise, TimeSpan? Pause = null) : Tried;
}
