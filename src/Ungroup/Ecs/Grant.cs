namespace Ungroup.Ecs;

internal abstract record Grant
{
    private Grant()
    {
    }

    public sealed record Given(AccessKey Credentials, TimeSpan? Life = null) : Grant;

    /// <summary>A <see cref="Fault.Authentication"/> is worth fetching anew, once, what was shown for credentials.</summary>
    public sealed record Withheld(string Code, string Sentence, Fault Fault, string Advice) : Grant
    {
        public TimeSpan? RetryAfter { get; init; }

        public Withheld Finally() => Fault == Fault.Authentication ? this with { Fault = Fault.Configuration } : this;
    }
}
