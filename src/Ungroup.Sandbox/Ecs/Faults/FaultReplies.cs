using System.Diagnostics;
using Ungroup.Sandbox.Ecs.Actions;
using Ungroup.Sandbox.Ecs.Signatures;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>What the caller sees of each fault (sheet 1.3, 3.2 and 7.4).</summary>
internal static class FaultReplies
{
    public static Reply Of(Fault fault) => fault.Kind switch
    {
        FaultKind.Throttle => new Reply.Refusal(EcsErrors.Throttled with { Hint = Hint.RetryAfter(fault.Span) }),
        FaultKind.ThrottleNoHint => new Reply.Refusal(EcsErrors.Throttled),
        FaultKind.Conflict => new Reply.Refusal(EcsErrors.Conflict),
        FaultKind.InternalError => new Reply.Refusal(EcsErrors.InternalError),
        FaultKind.ServiceUnavailable => new Reply.Refusal(EcsErrors.ServiceUnavailable),
        FaultKind.ExpiredToken => new Reply.Refusal(AuthErrors.ExpiredToken),
        FaultKind.TimeoutBeforeApply or FaultKind.TimeoutAfterApply => new Reply.Refusal(EcsErrors.UpstreamTimeout),
        FaultKind.ResetBeforeApply or FaultKind.ResetAfterApply => new Reply.Reset(),
        FaultKind.Redirect => new Reply.Redirect(),
        FaultKind.Html502 => new Reply.ProxyPage(),
        FaultKind.Empty504 => new Reply.EmptyTimeout(),
        _ => throw new UnreachableException(),
    };
}
