namespace Ungroup.Ecs;

/// <summary>What comes of asking for credentials.</summary>
internal abstract record Grant
{
    private Grant()
    {
    }

    /// <param name="Credentials">What to sign with.</param>
    /// <param name="Life">How long they are good for, from now; null where nobody says.</param>
    public sealed record Given(AccessKey Credentials, TimeSpan? Life = null) : Grant;

    /// <param name="Code">What STS said, or a code of ours.</param>
    /// <param name="Sentence">For people: redacted and short.</param>
    /// <param name="Fault">Authentication: what was shown for them is to be fetched anew, once.</param>
    /// <param name="Advice">What an operator can do.</param>
    public sealed record Withheld(string Code, string Sentence, Fault Fault, string Advice) : Grant
    {
        /// <summary>How long to ask nobody.</summary>
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>Refused twice: an operator must act.</summary>
        public Withheld Finally() => Fault == Fault.Authentication ? this with { Fault = Fault.Configuration } : this;
    }
}
