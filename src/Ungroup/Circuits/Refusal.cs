using Ungroup.Time;

namespace Ungroup.Circuits;

/// <summary>What a reply says of the circuits before its call.</summary>
internal enum Evidence
{
    /// <summary>ECS did not answer, said that it is broken, or somebody else answered in its place.</summary>
    NoAnswer,

    /// <summary>The account can call nothing before an operator has acted.</summary>
    AccountRefused,

    /// <summary>The quota is used up: the account may call, and ECS answers. Of permissions that says nothing.</summary>
    Throttled,

    /// <summary>The account may not make this call.</summary>
    Denied,

    /// <summary>ECS refused with a code that nobody here knows.</summary>
    Unfamiliar,

    /// <summary>The call was permitted, whatever it came to.</summary>
    Permitted,
}

/// <summary>A refusal that may close circuits.</summary>
internal sealed record Refusal(Evidence Evidence, string Reason, CircuitPause Pause, string? Code = null)
{
    /// <summary>Whether a reply shows that this is over.</summary>
    public bool IsDisproved(Evidence by) => by switch
    {
        Evidence.Permitted => true,
        Evidence.Denied or Evidence.Throttled => Evidence is Evidence.NoAnswer or Evidence.AccountRefused,
        Evidence.AccountRefused or Evidence.Unfamiliar => Evidence is Evidence.NoAnswer,
        _ => false,
    };
}

/// <summary>The first pause, which each further closing in a row doubles, and the longest.</summary>
internal sealed record CircuitPause(TimeSpan First, TimeSpan Longest)
{
    public TimeSpan After(int closings) => Backoff.Doubling(First, Longest, closings - 1);
}
