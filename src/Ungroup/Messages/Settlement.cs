using System.Runtime.InteropServices;

namespace Ungroup.Messages;

/// <summary>Says what should become of a message. The core decides it, a host carries it out.</summary>
public abstract record Settlement
{
    private Settlement()
    {
    }

    /// <summary>The event of the request's outcome; null while there is none.</summary>
    public OutcomeEvent? Outcome { get; init; }

    /// <summary>Whether <see cref="Outcome"/> was decided by an earlier delivery and is only published again.</summary>
    public bool Replayed { get; init; }

    /// <summary>On whose behalf the request was made; null where no request was read, or nothing was decided now.</summary>
    internal Origin? Origin { get; init; }

    /// <summary>The HTTP calls made for this delivery.</summary>
    internal CallCount Calls { get; init; }

    /// <summary>The request has a durable outcome: let the message go.</summary>
    public sealed record Complete : Settlement;

    /// <summary>Nothing is decided yet: send a copy that arrives at <paramref name="Until"/>, then let this one go.</summary>
    /// <param name="Until">When the copy should arrive.</param>
    /// <param name="Why">A sentence for the log.</param>
    public sealed record Postpone(DateTimeOffset Until, string Why) : Settlement;

    /// <summary>The message can never become a removal: set it aside for a person to look at.</summary>
    /// <param name="Reason"><c>InvalidRequest</c>, <c>IdempotencyConflict</c> or <c>LedgerRefused</c>.</param>
    /// <param name="Description">Says what came, what was expected, where to change it; at most 4,096 characters, which is what Service Bus keeps.</param>
    public sealed record DeadLetter(string Reason, string Description) : Settlement;
}

/// <summary>The HTTP calls made to ECS: attempts, which are those that change something, and all calls, reads included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallCount(int Attempts, int EcsCalls)
{
    public static CallCount operator +(CallCount left, CallCount right) => Add(left, right);

    public static CallCount Add(CallCount left, CallCount right) => new(left.Attempts + right.Attempts, left.EcsCalls + right.EcsCalls);
}
