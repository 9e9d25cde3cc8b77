using Ungroup.Time;

namespace Ungroup.Circuits;

internal enum Evidence
{
    /// <summary>ECS did not answer, said that it is broken, or somebody else answered in its place.</summary>
    NoAnswer,
    /// <summary>The account can call nothing before an operator has acted.</summary>
    AccountRefused,
    /// <summary>The quota is used up: the account may call, and ECS answers. Of permissions that says nothing.</summary>
    Throttled,
    Denied,
    /// <summary>ECS refused with a code that nobody here knows.</summary>
    Unfamiliar,
    Permitted,
}

internal sealed record Refusal(Evidence Evidence, string Reason, CircuitPause Pause, string? Code = null);

/// <summary>The first pause, which each further closing in a row doubles, and the longest.</summary>
internal sealed record CircuitPause(TimeSpan First, TimeSpan Longest)
{
    public TimeSpan After(int closings) => Backoff.Doubling(First, Longest, closings - 1);
}
