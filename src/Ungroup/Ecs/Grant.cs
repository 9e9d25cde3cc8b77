namespace Ungroup.Ecs;

/// <summary>Credentials, or why there are none.</summary>
internal abstract record Grant
{
    private Grant()
    {
    }

    /// <param name="Credentials">To sign with.</param>
    /// <param name="Life">How long they are good for, from now; null where nobody says.</param>
    public sealed record Given(AccessKey Credentials, TimeSpan? Life = null) : Grant;

    /// <param name="Code">STS's code, or ours.</param>
    /// <param name="Sentence">For people: redacted and short.</param>
    /// <param name="Fault">Authentication: fetch anew, once, what was shown for them.</param>
    /// <param name="Advice">What an operator can do.</param>
    public sealed record Withheld(string Code, string Sentence, Fault Fault, string Advice) : Grant
    {
        public TimeSpan? RetryAfter { get; init; }

        public Withheld Finally() => Fault == Fault.Authentication ? this with { Fault = Fault.Configuration } : this;
    }
}
