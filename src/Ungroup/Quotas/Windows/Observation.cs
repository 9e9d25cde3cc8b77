namespace Ungroup.Quotas.Windows;

/// <summary>What an instance sees of a quota.</summary>
internal abstract record Observation
{
    private Observation()
    {
    }

    /// <summary>ECS has taken a call.</summary>
    internal sealed record Passed(DateTimeOffset SentAt) : Observation;

    /// <summary>ECS has refused a call, and has said when to come back or has not.</summary>
    internal sealed record Refused(DateTimeOffset SentAt, TimeSpan? Hint, DateTimeOffset Now) : Observation;

    /// <summary>A window has ended, and everybody has said what it took.</summary>
    internal sealed record Ended(DateTimeOffset Window, int Taken, bool Hit) : Observation;

    /// <summary>Another instance has said what it knows.</summary>
    internal sealed record Heard(QuotaEstimate Estimate, DateTimeOffset Now) : Observation;
}
