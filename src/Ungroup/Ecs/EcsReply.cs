using System.Net;

namespace Ungroup.Ecs;

internal sealed record EcsReply
{
    /// <summary>The HTTP status; 0 where there was no reply.</summary>
    public int Status { get; init; }

    /// <summary>ECS's code, or ours where ECS said none; null when the call succeeded.</summary>
    public string? Code { get; init; }

    /// <summary>Redacted and short, for people only: it may be in any language.</summary>
    public string? Message { get; init; }

    public string? RequestId { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public Fault? Fault { get; init; }

    /// <summary>No reply, one that is not ECS's, or a 5xx: it counts towards the region's circuit and says nothing about the request.</summary>
    public bool IsOutage => Fault == Ecs.Fault.Unknown && (NoReply.Is(Code) || Status >= (int)HttpStatusCode.InternalServerError)
        || Fault == Ecs.Fault.Transient && NoReply.Is(Code);

    public AccessKey? SignedWith { get; init; }

    public Grant.Withheld? Withheld { get; init; }

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
