using System.Collections.Frozen;
using static Ungroup.Ecs.Advice;
using static Ungroup.Ecs.Fault;

namespace Ungroup.Ecs;

/// <summary>
/// The one table of ECS's codes, read as one page: what kind of no each is, and what an operator can do. The tag behind a line is its
/// source. LSG, JSG, MIA, MNIA: the references of LeaveSecurityGroup, JoinSecurityGroup, ModifyInstanceAttribute and
/// ModifyNetworkInterfaceAttribute, https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-leavesecuritygroup
/// and its neighbours; ESS, POLAR, DNS, OCR, EMAS, ALB: those products' common errors (the same gateway);
/// STS: https://www.alibabacloud.com/help/en/ram/support/faq-about-ram-roles-and-sts-tokens; PUBLIC:
/// https://error-center.alibabacloud.com/status/product/Public; NET: aliyun-openapi-net-sdk, retry_config.json; TF:
/// terraform-provider-alicloud, errors.go; SDK: the doc comments of @alicloud/ecs20140526.
/// </summary>
internal static class EcsFault
{
    public static IReadOnlyList<EcsFaultRow> Rows { get; } =
    [
        new("InvalidSecurityGroupAssociation.NotFound", AlreadyDone, "Nothing to do: it is not a member."), // LSG, since 2024-07-08
        new("InstanceNotInSecurityGroup", AlreadyDone, "Nothing to do: it is not a member."), // LSG, older editions

        // No such thing. Never success: a wrong region looks the same.
        new("InvalidInstanceId.NotFound", Permanent, Gone), // LSG
        new("InvalidEniId.NotFound", Permanent, Gone), // LSG
        new("InvalidSecurityGroupId.NotFound", Permanent, Gone), // LSG
        new("InvalidVSwitchId.NotFound", Permanent, Gone), // LSG, Chinese edition
        new("InvalidRegion.NotFound", Permanent, Gone), // PUBLIC

        // ECS will not, whatever we do.
        new("InstanceLastSecurityGroup", Permanent, "Let it join another group first: a resource stays in at least one."), // LSG
        new("InvalidOperation.AtLeastInOneGroup", Permanent, "Let it join another group first: a resource stays in at least one."), // LSG
        new("InstanceLockedForSecurity", Permanent, "Alibaba Cloud has locked the instance: settle that with them, then ask again."), // LSG
        new("InvalidOperation.EniServiceManaged", Permanent, Managed), // LSG
        new("InvalidOperation.ResourceManagedByCloudProduct", Permanent, Managed), // LSG
        new("InvalidOperation.InvalidEniType", Permanent, "Ask for the instance instead: a primary network interface leaves with it."), // LSG
        new("InvalidOperation.PrimaryEniOnlySupportModifyNameAndDesc", Permanent, "Ask for the instance instead."), // MNIA

        new("InvalidInstanceId.Malformed", Permanent, Input), // LSG
        new("InvalidInstanceID.Malformed", Permanent, Input), // MNIA
        new("InvalidParams.EniId", Permanent, Input), // MNIA
        new("InvalidParam.Malformed", Permanent, Input), // LSG
        new("InvalidParam.EniIdAndInstanceId.Conflict", Permanent, Input), // LSG
        new("MissingParameter.RegionId", Permanent, Input), // LSG
        new("MissingParameter", Permanent, Input), // ESS
        new("InvalidParameter", Permanent, Input), // ESS
        new("UnsupportedOperation", Permanent, Input), // ESS
        new("DryRunOperation", Permanent, "ECS only checked the permission; a removal never asks for that."), // SDK; no success of a removal

        // Only joining or replacing groups meets these.
        new("InvalidInstanceId.AlreadyExists", Permanent, Mismatch), // JSG: success of a join, never of a removal
        new("InstanceSecurityGroupLimitExceeded", Permanent, Limit), // JSG
        new("SecurityGroupInstanceLimitExceeded", Permanent, Limit), // JSG
        new("SecurityGroupInstanceLimitExceed", Permanent, Limit), // MIA, MNIA
        new("JoinedGroupLimitExceed", Permanent, Limit), // MIA, MNIA
        new("InvalidOperation.EniCountExceeded", Permanent, Limit), // MIA, MNIA
        new("InvalidOperation.NetworkInterfaceCountExceeded", Permanent, Limit), // JSG
        new("AclLimitExceed", Permanent, Limit), // JSG, MIA, MNIA
        new("InvalidInstanceId.Mismatch", Permanent, Mismatch), // JSG
        new("InvalidOperation.NotSupportEnterpriseGroup", Permanent, Mismatch), // JSG
        new("InvalidOperation.MultiGroupType", Permanent, Mismatch), // JSG, MNIA
        new("EnterpriseGroupLimited.MutliGroupType", Permanent, Mismatch), // MIA, spelt so
        new("InvalidOperation.EniAndGroupNotBelongSameUser", Permanent, Mismatch), // JSG
        new("InvalidOperation.VpcMismatch", Permanent, Mismatch), // JSG, MNIA
        new("InvalidSecurityGroupId.NotVpc", Permanent, Mismatch), // MNIA
        new("InvalidSecurityGroupVpc.NotBelongToOneVpc", Permanent, Mismatch), // MIA
        new("InvalidSecurityGroupType.NotSupportClassic", Permanent, Mismatch), // MIA
        new("InvalidNetworkType.NotSupported", Permanent, Mismatch), // MIA
        new("InvalidParameter.SecurityGroupIdRepeated", Permanent, Mismatch), // MIA, MNIA
        new("InvalidOperation.InvalidRegion", Permanent, Mismatch), // MIA

        new("IncorrectInstanceStatus", Later, State), // LSG
        new("IncorrectInstanceStatus.Initializing", Later, State), // TF
        new("InvalidOperation.InvalidEniState", Later, State), // LSG
        new("InvalidOperation.InvalidEcsState", Later, State), // MIA, MNIA
        new("InvalidStatus.EniOrInstanceIsBeingCreated", Later, State), // JSG
        new("Forbidden.InstanceIsBeingCreated", Later, State), // JSG
        new("OperationDenied", Later, State), // MIA: a state, or a full group, which leaving cannot meet

        // Another change of the same resource is under way: a definite no.
        new("InvalidOperation.Conflict", Transient, Wait), // LSG, Chinese edition
        new("OperationConflict", Transient, Wait), // TF
        new("Operation.Conflict", Transient, Wait), // TF
        new("LastTokenProcessing", Transient, Wait), // TF
        new("LastRequestProcessing", Transient, Wait), // TF
        new("DependencyViolation", Transient, Wait), // TF, DeleteSecurityGroup

        // It may have happened: the membership is read back before anything else.
        new("RequestTimeout", Unknown, Wait), // LSG
        new("ServiceUnavailable", Unknown, Wait), // ESS, NET
        new("InternalError", Unknown, Wait), // JSG, MIA
        new("UnknownError", Unknown, Wait), // NET
        new("SignatureNonceUsed", Unknown, Wait), // OCR, EMAS: a copy of this very call was there before

        new("Throttling", Throttled, Quota), // ESS, POLAR, DNS
        new("Throttling.User", Throttled, Quota), // STS, OCR
        new("Throttling.Api", Throttled, Quota), // STS
        new("Throttling.Api.Concurrency", Throttled, Quota), // TF
        new("Throttling.System", Throttled, Quota), // TF
        new("Rejected.Throttling", Throttled, Quota), // TF

        new("InvalidSecurityToken.Expired", Authentication, Token), // PUBLIC
        new("InvalidSecurityToken.Malformed", Authentication, Token), // PUBLIC
        new("InvalidSecurityToken.MismatchWithAccessKey", Authentication, Token), // PUBLIC
        new("MissingSecurityToken", Authentication, Token), // PUBLIC
        new("InvalidAccessKeyId.NotFound", Authentication, Key), // POLAR, ESS

        // A missing permission, perhaps for one group or region only.
        new("Forbidden.RAM", Denied, Permission), // POLAR
        new("Forbidden", Denied, Permission), // MNIA, JSG, MIA
        new("Forbidden.SubUser", Denied, Permission), // MNIA, JSG, MIA
        new("Forbidden.NotSupportRAM", Denied, Permission), // MNIA, JSG, MIA
        new("NotBelongUser", Denied, Permission), // JSG
        new("InvalidUser.Unauthorized", Denied, Permission), // MIA
        new("Forbidden.RegionId", Denied, Addresses), // MNIA
        new("UnauthorizedRegion", Denied, Addresses), // ALB

        // The account cannot work before an operator has acted.
        new("MissingCredentials", Configuration, "Set ALIBABA_CLOUD_ACCESS_KEY_ID and …_SECRET, or choose another source (Accounts:<name>:Credentials)."), // ours
        new("InvalidAccessKeyId.Inactive", Configuration, Key), // PUBLIC
        new("Forbidden.AccessKeyDisabled", Configuration, Key), // PUBLIC
        new("Forbidden.RiskControl", Configuration, "Alibaba Cloud's risk control has stopped the account: settle that with them."), // POLAR
        new("SignatureDoesNotMatch", Configuration, Signature), // DNS, OCR
        new("IncompleteSignature", Configuration, Signature), // POLAR
        new("InvalidSignatureMethod", Configuration, Signature), // PUBLIC
        new("MissingSignature", Configuration, Signature), // PUBLIC
        new("MissingAccessKeyId", Configuration, Signature), // OCR
        new("InvalidTimeStamp.Expired", Configuration, Clock), // EMAS
        new("InvalidTimeStamp.Format", Configuration, Clock), // EMAS
        new("IllegalTimestamp", Configuration, Clock), // POLAR
        new("NoSuchVersion", Configuration, Addresses), // PUBLIC
        new("InvalidVersion", Configuration, Addresses), // ESS
        new("InvalidAction.NotFound", Configuration, Addresses), // EMAS
        new("InvalidApi.NotFound", Configuration, Addresses), // EMAS
        new("InvalidProduct.NotFound", Configuration, Addresses), // EMAS
    ];

    private static readonly FrozenDictionary<string, EcsFaultRow> ByCode = Rows.ToFrozenDictionary(row => row.Code, StringComparer.Ordinal);

    public static EcsFaultRow? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    public static Fault Classify(int status, string? code, TimeSpan? retryAfter = null) => (status, code) switch
    {
        _ when RowOf(code) is { } row => row.Fault,
        (_, null) => Unknown,
        (429, _) => Throttled,
        (408 or >= 500, _) => Unknown,

        // The official client takes any no with a hint for throttling; we do where the code says nothing better.
        _ => retryAfter is null ? Unfamiliar : Throttled,
    };

    public static string AdviceFor(string? code, Fault fault) => RowOf(code)?.Advice ?? fault switch
    {
        Throttled => Quota,
        Unfamiliar => NotKnown,
        _ when code == NoReply.Unreadable => Foreign,
        _ => Wait,
    };

    private static EcsFaultRow? RowOf(string? code) => Find(code) ?? EcsFaultFamilies.Find(code);
}

internal sealed record EcsFaultRow(string Code, Fault Fault, string Advice);
