using System.Diagnostics;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Signatures;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>Shows the caller each fault (sheet 1.3, 3.2 and 7.4).</summary>
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
        FaultKind.TimeoutBeforeApply or FaultKind.TimeoutAfterApply or FaultKind.AppliedLater => new Reply.Refusal(EcsErrors.UpstreamTimeout),
        FaultKind.ResetBeforeApply or FaultKind.ResetAfterApply => new Reply.Reset(),
        FaultKind.Redirect => new Reply.Redirect(),
        FaultKind.Html502 => new Reply.ProxyPage(502),
        FaultKind.Html403 => new Reply.ProxyPage(403),
        FaultKind.Empty504 => new Reply.Empty(504),
        FaultKind.Empty404 => new Reply.Empty(404),
        FaultKind.CodeIn200 => new Reply.Refusal(EcsErrors.InternalError with { Status = 200 }),
        FaultKind.Garbage => new Reply.Garbage(),
        FaultKind.CloseBeforeApply or FaultKind.CloseAfterApply => new Reply.Close(),
        var code when code.StartsWith(FaultKind.AnyCode, StringComparison.Ordinal) =>
            new Reply.Refusal(new EcsError(fault.Status, code[FaultKind.AnyCode.Length..], "The world file says so.")),
        _ => throw new UnreachableException(),
    };
}
