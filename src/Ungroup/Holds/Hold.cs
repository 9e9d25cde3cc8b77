using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Holds;

/// <summary>A stop that an operator, or Ungroup itself, has put on requests: what it covers waits until it is lifted or over.</summary>
internal sealed record Hold
{
    /// <summary>1–160 of <c>A-Z a-z 0-9 . _ -</c>; unique.</summary>
    public required string Id { get; init; }

    /// <summary>The account whose requests wait; null for every account.</summary>
    public string? Account { get; init; }

    /// <summary>The security group that requests about wait; null for every group.</summary>
    public string? Group { get; init; }

    /// <summary>On whose behalf the requests are made that wait; null for every origin.</summary>
    public Origin? Origin { get; init; }

    /// <summary>The name of whoever put it there, as they said.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was put there, by the store's clock.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When it ends by itself, by the store's clock; null where it does not.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How long it had left when it was read; null where it does not end.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>The allowance that was used up, where that is why it is there; null otherwise.</summary>
    public UsedAllowance? Allowance { get; init; }

    /// <summary>Whether it covers what a request is about.</summary>
    public bool Covers(HoldSubject subject)
    {
        ArgumentNullException.ThrowIfNull(subject);
        return (Account is null || Account == subject.Account)
            && (Origin is null || Origin == subject.Origin)
            && (Group is null || subject.Groups.Contains(Group, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Its part of all requests; as text "clean-ups of account default about sg-web".</summary>
    public HoldScope Scope => new(Account, Group, Origin);
}

/// <summary>The part of a request that holds ask about. Groups that nobody knows yet are not in it.</summary>
/// <param name="Account">The name of a configured account.</param>
/// <param name="Origin">On whose behalf, by the queue it came by: the body's word makes no incident.</param>
/// <param name="Groups">The group to leave, or the isolation group.</param>
internal sealed record HoldSubject(string Account, Origin Origin, IReadOnlyList<string> Groups)
{
    /// <param name="request">The request.</param>
    /// <param name="origin">By the queue it came by.</param>
    /// <param name="more">Groups that are known by now and that the request does not name.</param>
    public static HoldSubject Of(RemovalRequest request, Origin origin, params IReadOnlyList<string> more)
    {
        ArgumentNullException.ThrowIfNull(request);
        var named = request.SecurityGroup ?? request.IsolationGroup;
        return new(request.Account, origin, named is null ? more : [named.Value, .. more]);
    }
}

/// <summary>The requests that a hold covers; null stands for all there is.</summary>
internal sealed record HoldScope(string? Account, string? Group, Origin? Origin)
{
    /// <summary>Whether a hold on this ends with a <c>resume</c> of that much: each that is named has to be this hold's.</summary>
    public bool IsWithin(HoldScope named)
    {
        ArgumentNullException.ThrowIfNull(named);
        return (named.Account is null || named.Account == Account)
            && (named.Origin is null || named.Origin == Origin)
            && (named.Group is null || string.Equals(named.Group, Group, StringComparison.OrdinalIgnoreCase));
    }

    public override string ToString()
    {
        var requests = Origin switch
        {
            Messages.Origin.Cleanup => "clean-ups",
            Messages.Origin.Incident => "incidents",
            Messages.Origin.Upstream => "upstream requests",
            _ => "all requests",
        };
        return $"{requests}{(Account is null ? "" : $" of account {Account}")}{(Group is null ? "" : $" about {Group}")}";
    }
}

/// <summary>An account and group have reached <c>Guardrails:MostPerHour</c>.</summary>
/// <param name="Row">The row that counts the hour.</param>
/// <param name="Hour">The hour, by the store's clock.</param>
/// <param name="Round">How often its allowance had been given anew, from 0.</param>
internal sealed record UsedAllowance(string Row, DateTimeOffset Hour, int Round);
