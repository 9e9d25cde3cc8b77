using System.IO.Enumeration;
using static Ungroup.Ecs.Fault;

namespace Ungroup.Ecs;

/// <summary>
/// Kinds of no for codes that no page lists, by how they are built. The first that fits decides, narrow ones first; case does not
/// count, and `*` stands for anything or nothing.
/// </summary>
internal static class EcsFaultFamilies
{
    private const string Unpaid = "Settle the bill of the Alibaba Cloud account, or find out with them why it may not be used.";
    private const string Verification = "Let the owner of the Alibaba Cloud account complete its verification.";

    public static IReadOnlyList<EcsFaultRow> Rows { get; } =
    [
        new("*Throttling*", Throttled, Advice.Quota),
        new("*FlowControl*", Throttled, Advice.Quota),
        new("*RequestLimit*", Throttled, Advice.Quota),
        new("*RateLimit*", Throttled, Advice.Quota),
        new("*TooManyRequests*", Throttled, Advice.Quota),

        new("Degrade.*", Transient, Advice.Wait),
        new("*Busy", Transient, Advice.Wait),
        new("*Busy.*", Transient, Advice.Wait),
        new("*TokenProcessing", Transient, Advice.Wait),
        new("*RequestProcessing", Transient, Advice.Wait),
        new("Idempotent*Processing", Transient, Advice.Wait),
        new("*TaskConflict*", Transient, Advice.Wait),
        new("*OperationConflict*", Transient, Advice.Wait),
        new("*Operation.Conflict*", Transient, Advice.Wait),
        new("*ConcurrentOperation*", Transient, Advice.Wait),
        new("*InOperation", Transient, Advice.Wait),
        new("*Operating", Transient, Advice.Wait),

        // It may have happened, whatever the status says.
        new("Internal*Error*", Unknown, Advice.Wait),
        new("*ServiceUnavailable*", Unknown, Advice.Wait),
        new("*Request*Timeout*", Unknown, Advice.Wait),
        new("*Upstream*Timeout*", Unknown, Advice.Wait),
        new("*Gateway*Timeout*", Unknown, Advice.Wait),

        // Before "NotFound", which a region may say of a key.
        new("*InvalidSecurityToken*", Authentication, Advice.Token),
        new("*InvalidAccessKeyId*", Authentication, Advice.Key),
        new("*AccessKey*Disabled*", Configuration, Advice.Key),
        new("*InvalidSignature*", Configuration, Advice.Signature),
        new("*SignatureDoesNotMatch*", Configuration, Advice.Signature),
        new("*IncompleteSignature*", Configuration, Advice.Signature),
        new("InvalidTimeStamp*", Configuration, Advice.Clock),
        new("IllegalTimestamp*", Configuration, Advice.Clock),

        new("*InsufficientBalance*", Configuration, Unpaid),
        new("*NotEnoughBalance*", Configuration, Unpaid),
        new("*BalanceNotEnough*", Configuration, Unpaid),
        new("*Arrear*", Configuration, Unpaid),
        new("*Overdue*", Configuration, Unpaid),
        new("Account.*", Configuration, Unpaid),
        new("*InvalidAccountStatus*", Configuration, Unpaid),
        new("*UserVerification*", Configuration, Verification),
        new("*RealName*", Configuration, Verification),
        new("*RiskControl*", Configuration, "Alibaba Cloud's risk control has stopped the account: settle that with them."),
        new("*NotInWhiteList*", Configuration, "Let the account's access rules include the addresses that Ungroup calls from."),

        new("Forbidden*NotFound", Unfamiliar, Advice.NotKnown),
        new("*NotSupportRAM*", Denied, Advice.Permission),
        new("*Unauthorized*", Denied, Advice.Permission),
        new("*NotAuthorized*", Denied, Advice.Permission),
        new("*AccessDenied*", Denied, Advice.Permission),
        new("*NoPermission*", Denied, Advice.Permission),
        new("*PermissionDenied*", Denied, Advice.Permission),
        new("*ImplicitDeny*", Denied, Advice.Permission),
        new("*ExplicitDeny*", Denied, Advice.Permission),

        new("*BeingCreated", Later, Advice.State),
        new("Incorrect*Status*", Later, Advice.State),
        new("Incorrect*State*", Later, Advice.State),
        new("InvalidStatus*", Later, Advice.State),
        new("*Invalid*Status", Later, Advice.State),
        new("*Invalid*State", Later, Advice.State),
        new("*InvalidEniState*", Later, Advice.State),
        new("*InvalidEcsState*", Later, Advice.State),
        new("*InvalidInstanceState*", Later, Advice.State),

        // After the states, some of which are forbidden too.
        new("Forbidden*", Denied, Advice.Permission),

        new("MissingParam*", Permanent, Advice.Input),
        new("InvalidParam*", Permanent, Advice.Input),
        new("*.Malformed", Permanent, Advice.Input),
    ];

    public static EcsFaultRow? Find(string? code) =>
        code is null ? null : Rows.FirstOrDefault(row => FileSystemName.MatchesSimpleExpression(row.Code, code, ignoreCase: true));
}
