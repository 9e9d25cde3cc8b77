using System.Collections.Frozen;
using static Ungroup.Ecs.Fault;

namespace Ungroup.Ecs;

/// <summary>
/// The one table of ECS's codes: what kind of no each is, and what an operator can do about it. Longer than other files,
/// because it is read as one page. The tag behind a line is the page the code comes from:
/// LSG, JSG, MIA, MNIA: the references of LeaveSecurityGroup, JoinSecurityGroup, ModifyInstanceAttribute and
/// ModifyNetworkInterfaceAttribute, https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-leavesecuritygroup
/// and its neighbours; ESS, POLAR, DNS, OCR, EMAS, ALB: the common error tables of those products, which share the gateway;
/// STS: https://www.alibabacloud.com/help/en/ram/support/faq-about-ram-roles-and-sts-tokens; PUBLIC:
/// https://error-center.alibabacloud.com/status/product/Public; NET: aliyun-openapi-net-sdk, retry_config.json; TF:
/// terraform-provider-alicloud, errors.go; SDK: the doc comments of @alicloud/ecs20140526.
/// </summary>
internal static class EcsFault
{
    private const string Wait = "Nothing to do: it is tried again by itself.";
    private const string Quota = "Nothing to do: it is tried again when the window turns. If it happens often, see who else calls this API.";
    private const string State = "Nothing to do: it is tried again until the resource has settled or the deadline passes.";
    private const string Gone = "Check the id, the region and the account of the request: ECS knows no such thing there.";
    private const string Managed = "Make the change in the cloud product that manages it.";
    private const string Input = "Correct the request; sent as it is, it can never work.";
    private const string Limit = "Only joining a group can meet this limit; report it if a removal does.";
    private const string Mismatch = "Only joining or replacing groups can meet this; report it if a removal does.";
    private const string Permission = "Grant the account's key ecs:LeaveSecurityGroup and the ecs:Describe… reads on the resource and the group.";
    private const string Key = "Check the access key of the account (Accounts:<name>), and that it is enabled.";
    private const string Token = "Check where the account's temporary credentials come from: they are refreshed once, and then an operator must act.";
    private const string Signature = "Check the access key secret of the account, and anything between us and ECS that rewrites requests.";
    private const string Clock = "Correct the clock of the machine: ECS takes dates within 15 minutes of its own.";
    private const string Setup = "Check Ecs:Endpoint, the account's endpoint and the region of the request.";

    public static IReadOnlyList<EcsFaultRow> Rows { get; } =
    [
        // The goal is reached.
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

        // What was asked makes no sense to ECS.
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

        // When the resource has settled.
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

        // This call is not permitted; it may be this one group or region only.
        new("Forbidden.RAM", Denied, Permission), // POLAR
        new("Forbidden", Denied, Permission), // MNIA, JSG, MIA
        new("Forbidden.SubUser", Denied, Permission), // MNIA, JSG, MIA
        new("Forbidden.NotSupportRAM", Denied, Permission), // MNIA, JSG, MIA
        new("NotBelongUser", Denied, Permission), // JSG
        new("InvalidUser.Unauthorized", Denied, Permission), // MIA
        new("Forbidden.RegionId", Denied, Setup), // MNIA
        new("UnauthorizedRegion", Denied, Setup), // ALB

        // The account cannot work before somebody has acted.
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
        new("NoSuchVersion", Configuration, Setup), // PUBLIC
        new("InvalidVersion", Configuration, Setup), // ESS
        new("InvalidAction.NotFound", Configuration, Setup), // EMAS
        new("InvalidApi.NotFound", Configuration, Setup), // EMAS
        new("InvalidProduct.NotFound", Configuration, Setup), // EMAS
    ];

    private static readonly FrozenDictionary<string, EcsFaultRow> ByCode = Rows.ToFrozenDictionary(row => row.Code, StringComparer.Ordinal);

    public static EcsFaultRow? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    /// <summary>By code; the status decides only where the code says nothing. Statuses differ between pages, codes do not.</summary>
    public static Fault Classify(int status, string? code) => (status, code) switch
    {
        _ when Find(code) is { } row => row.Fault,
        (_, { } text) when text.Contains("Throttling", StringComparison.Ordinal) => Throttled,
        (429, _) => Throttled,

        // Whoever redirects is not ECS, which never does; STS does when it throttles, but that is StsFault's to say.
        ( >= 300 and < 400, _) => Configuration,
        (401 or 407, null) => Configuration,
        (408, _) => Unknown,
        ( >= 500, _) => Unknown,

        // A bare 404 is no success: a wrong region looks the same.
        _ => Permanent,
    };

    /// <summary>What an operator can do, or the little there is to say about a code nobody has documented.</summary>
    public static string AdviceFor(string? code, Fault fault) => Find(code)?.Advice ?? fault switch
    {
        Throttled => Quota,
        Configuration => Setup,
        Permanent => "The code is not among those that Alibaba Cloud documents; look it up by its request id.",
        _ => Wait,
    };
}

/// <summary>One line of the table.</summary>
/// <param name="Code">ECS's code, exactly.</param>
/// <param name="Fault">What kind of no it is.</param>
/// <param name="Advice">What an operator can do.</param>
internal sealed record EcsFaultRow(string Code, Fault Fault, string Advice);
