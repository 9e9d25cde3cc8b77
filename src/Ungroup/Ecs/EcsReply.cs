using System.Net;

namespace Ungroup.Ecs;

/// <summary>What came back from one attempt, or that nothing did.</summary>
internal sealed record EcsReply
{
    /// <summary>The HTTP status; 0 where there was no reply.</summary>
    public int Status { get; init; }

    /// <summary>ECS's code, or one of ours that says what was there instead; null when the call succeeded.</summary>
    public string? Code { get; init; }

    /// <summary>ECS's message, redacted and short; for people only, it may be in any language.</summary>
    public string? Message { get; init; }

    public string? RequestId { get; init; }

    /// <summary>How long ECS asks us to wait.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The JSON of a successful read.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Null when the call succeeded.</summary>
    public Fault? Fault { get; init; }

    /// <summary>
    /// Nobody answered, or somebody else did, or ECS said that it is broken: what is counted towards the circuit of the region.
    /// It says nothing about the request, the account or its permissions.
    /// </summary>
    public bool IsOutage => Fault == Ecs.Fault.Unknown && (NoReply.Is(Code) || Status >= (int)HttpStatusCode.InternalServerError)
        || Fault == Ecs.Fault.Transient && NoReply.Is(Code);

    /// <summary>What the call was signed with; null where there was no reply.</summary>
    public AccessKey? SignedWith { get; init; }

    /// <summary>Why there was nothing to sign with, and so nothing was sent.</summary>
    public Grant.Withheld? Withheld { get; init; }

    /// <summary>Whether anything may have reached ECS.</summary>
    public bool WasSent => Withheld is null && !NoReply.NeverLeft(Code);

    public static EcsReply Without(Grant.Withheld withheld) => new()
    {
        Code = withheld.Code,
        Message = withheld.Sentence,
        Fault = withheld.Fault,
        RetryAfter = withheld.RetryAfter,
        Withheld = withheld,
    };
}
