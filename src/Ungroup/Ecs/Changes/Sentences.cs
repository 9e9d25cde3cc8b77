using Ungroup.Circuits;
using Ungroup.Ecs.Wire;
using Ungroup.Ledger;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Requests;

namespace Ungroup.Ecs.Changes;

internal static class Sentences
{
    public static string Of(EcsCall call, EcsReply reply) =>
        $"{call.Action} in {call.RegionId}: {Said(reply)} ({reply.Code}). {Advice.About(call.Action, AdviceFor(reply))}";

    public static string WithoutCredentials(EcsCall call, Grant.Withheld why) =>
        $"Account {call.Account} has no credentials: {why.Sentence.TrimEnd('.')} ({why.Code}). {why.Advice}";

    public static string Of(QuotaWait quota) => quota.IsTurn ? quota.Reason : Closed(quota.Name, quota.Until, quota.Reason);

    public static string Of(ClosedCircuit closed) => Closed(closed.Name, closed.Until, closed.Reason);

    public static string Refused(EcsReply reply) =>
        $"ECS refused: {Said(reply)} ({reply.Code}). {AdviceFor(reply)}";

    public static string WouldRefuse(RemovalRequest request, string code, string? status) =>
        $"ECS would refuse ({code}){(status is null ? "" : $" while {request.Resource} is {status}")}. "
        + (EcsFault.Find(code) is { Fault: Fault.Permanent or Fault.Denied or Fault.Configuration or Fault.Authentication } row
            ? row.Advice
            : "It would be tried again until it works or the deadline passes.");

    public const string MayHaveWorked = " An earlier call may have worked without our knowing: look at its groups.";

    public static string Removed(RemovalRequest request) => $"{request.Resource} has left {request.SecurityGroup}.";

    /// <param name="request">The request.</param>
    /// <param name="isInherited">The call was another delivery's, of which nothing is known but that it was made.</param>
    public static string RemovedByReadBack(RemovalRequest request, bool isInherited) =>
        $"{request.Resource} has left {request.SecurityGroup}: the reply to an earlier call was {Lost(isInherited)}, and its groups show that it is no member.";

    /// <inheritdoc cref="RemovedByReadBack"/>
    public static string RemovedByRefusal(RemovalRequest request, EcsReply reply, bool isInherited) =>
        $"{request.Resource} has left {request.SecurityGroup}: the reply to an earlier call was {Lost(isInherited)}, and ECS now says that it is no member ({reply.Code}).";

    public static string AlreadyAbsent(RemovalRequest request, EcsReply reply) =>
        $"{request.Resource} is not a member of {request.SecurityGroup} ({reply.Code}); nothing was changed.";

    public static string DeadlinePassed(RemovalProgress progress, string? lastCode) =>
        $"The deadline {progress.Deadline.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} has passed; "
        + (lastCode is null ? "ECS could not be asked before."
            : NoReply.Is(lastCode) ? $"ECS had not answered ({lastCode})."
            : $"the last that ECS said was {lastCode}.")
        + UnderHold(progress.Waited)
        + " It is not tried again: find out why, and send a new request.";

    public static string Expired(RemovalRequest request, string? lastCode, WaitReason? waited) =>
        $"`expiresAt` {request.ExpiresAt?.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} had passed before ECS was called"
        + $"{(NoReply.Is(lastCode) ? $", which could not be reached ({lastCode})" : "")}; nothing was changed.{UnderHold(waited)}";

    public static string NotListed(RemovalRequest request, string code) =>
        $"ECS does not list {request.Resource} ({code}), so nobody can say whether it is protected, and nothing was called: "
        + "it is gone, or the request names another region or account than its own, or the account may not see it.";

    public static string Defect(RemovalRequest request, bool mayHaveLeft) =>
        $"The deadline passed, and a defect of Ungroup kept {request.Resource?.Value ?? request.RequestId} from being worked on; its log says more under {request.RequestId}."
        + (mayHaveLeft ? MayHaveWorked : " Nothing was changed.");

    private static string Lost(bool isInherited) => isInherited ? "lost or not written down" : "lost";

    private static string UnderHold(WaitReason? waited) => waited is { For: WaitFor.Hold } ? $" It waited: {waited.Sentence.TrimEnd('.')}." : "";

    private static string Closed(string name, DateTimeOffset until, string reason) =>
        $"{name} is closed until {until.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: {reason}";

    private static string AdviceFor(EcsReply reply) => EcsFault.AdviceFor(reply.Code, reply.Fault ?? Fault.Permanent);

    private static string Said(EcsReply reply) => reply.Message is { } message ? message.TrimEnd('.') : $"HTTP {reply.Status} without a word";
}
