using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Actions.Writes;

/// <summary>
/// The refusals of LeaveSecurityGroup that its neighbours share. Where the page prints `%s`, the sentence is ours.
/// https://www.alibabacloud.com/help/en/ecs/developer-reference/api-ecs-2014-05-26-leavesecuritygroup [LSG-EN]
/// https://help.aliyun.com/zh/ecs/developer-reference/api-ecs-2014-05-26-leavesecuritygroup [LSG-ZH]
/// </summary>
internal static class EcsErrors
{
    public static readonly EcsError UnknownInstance = new(404, "InvalidInstanceId.NotFound", "The specified InstanceId does not exist.");

    public static readonly EcsError UnknownInterface = new(
        404, "InvalidEniId.NotFound", "The specified NetworkInterfaceId does not exist.");

    public static readonly EcsError UnknownGroup = new(
        404, "InvalidSecurityGroupId.NotFound", "The specified SecurityGroupId does not exist.");

    public static readonly EcsError MalformedInstance = new(
        400, "InvalidInstanceId.Malformed", "The specified parameter \"InstanceId\" is not valid.");

    public static readonly EcsError BothIds = new(
        403, "InvalidParam.EniIdAndInstanceId.Conflict", "The parameters InstanceId and NetworkInterfaceId cannot both be given.");

    public static readonly EcsError MissingRegion = new(400, "MissingParameter.RegionId", "The specified RegionId should not be null.");

    public static readonly EcsError LastGroupOfInstance = new(
        403, "InstanceLastSecurityGroup", "The specified security group is the last security group for the instance.");

    public static readonly EcsError LastGroupOfInterface = new(
        403, "InvalidOperation.AtLeastInOneGroup", "The network interface must be in at least one security group.");

    public static readonly EcsError InstanceStatus = new(
        403, "IncorrectInstanceStatus", "The current status of the resource does not support this operation.");

    public static readonly EcsError InterfaceState = new(
        400, "InvalidOperation.InvalidEniState", "The current state of the network interface does not support this operation.");

    public static readonly EcsError InterfaceType = new(
        403, "InvalidOperation.InvalidEniType", "The type of the network interface does not support this operation.");

    public static readonly EcsError SecurityLock = new(
        403, "InstanceLockedForSecurity", "The specified operation is denied as your instance is locked for security reasons.");

    public static readonly EcsError ManagedInterface = new(
        403, "InvalidOperation.EniServiceManaged", "The network interface is managed by a cloud service.");

    // Which code an elastic container's interface is refused by is not published; this one says what is wrong. UNVERIFIED [ECI]
    public static readonly EcsError ContainerInterface = new(
        403, "InvalidOperation.InvalidEniType", "The security groups of an elastic container instance cannot be changed.");

    public static readonly EcsError ManagedGroup = new(
        403, "InvalidOperation.ResourceManagedByCloudProduct", "You cannot modify security groups managed by cloud services.");

    // Since 2024-07-08; before, the service answered success. [LSG-EN]
    public static readonly EcsError NotAssociated = new(
        400, "InvalidSecurityGroupAssociation.NotFound", "The specified security group is not associated with the resource.");

    public static readonly EcsError LegacyNotMember = new(403, "InstanceNotInSecurityGroup", "The instance not in the group.");

    // [JSG], [MIA], [MNIA]
    public static readonly EcsError RepeatedGroup = new(
        404, "InvalidParameter.SecurityGroupIdRepeated", "The specified security group ids contain a duplicate.");

    public static readonly EcsError TooManyGroups = new(
        400, "JoinedGroupLimitExceed", "The maximum number of security groups of the resource is exceeded.");

    public static readonly EcsError GroupFull = new(
        403, "SecurityGroupInstanceLimitExceed", "The maximum number of instances in a security group is exceeded.");

    // [ESS-ERR], [EMAS-ERR], [HC-COMMON]
    public static readonly EcsError UnknownAction = new(
        404, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.");

    public static readonly EcsError InvalidVersion = new(400, "InvalidVersion", "Specified parameter Version is not valid.");

    public static readonly EcsError UnknownPath = new(
        404, "InvalidApi.NotFound", "Specified api is not found, please check your url and method.");

    public static readonly EcsError UnsupportedMethod = new(400, "UnsupportedOperation", "Only GET and POST are supported.");

    public static readonly EcsError UnknownRegion = new(404, "InvalidRegion.NotFound", "The specified RegionId does not exist.");

    // https://help.aliyun.com/zh/ecs/developer-reference/api-throttling [THROTTLE]
    public static readonly EcsError Throttled = new(400, "Throttling.User", "Request was denied due to user flow control.");

    // [POLAR-ERR]
    public static readonly EcsError Forbidden = new(
        403, "Forbidden.RAM", "User not authorized to operate on the specified resource, or this API doesn't support RAM.");

    public static readonly EcsError Conflict = new(
        409, "InvalidOperation.Conflict", "Request was denied due to conflict with a previous request, please try again later.");

    public static readonly EcsError InternalError = new(
        500, "InternalError", "The request processing has failed due to some unknown error.");

    public static readonly EcsError ServiceUnavailable = new(
        503, "ServiceUnavailable", "The request has failed due to a temporary failure of the server.");

    public static readonly EcsError UpstreamTimeout = new(
        504, "RequestTimeout", "The request encounters an upstream server timeout.");

    // [SDK-DOC]
    public static readonly EcsError DryRun = new(
        400, "DryRunOperation", "Request validation has been passed with DryRun flag set.");

    public static EcsError Missing(string parameter) => new(
        400, "MissingParameter", $"The input parameter \"{parameter}\" that is mandatory for processing this request is not supplied.");

    public static EcsError Malformed(string parameter) => new(
        403, "InvalidParam.Malformed", $"The specified parameter \"{parameter}\" is not valid.");

    // A token that is none, or one of another list, or too old. https://alibabacloud.com/help/en/ecs/api-describenetworkinterfaces [SDK-DOC]
    public static EcsError InvalidPage(EcsCall call) => call.Parameters.Given("NextToken") is not null
        ? new(400, "InvalidParameter.NextToken", "The specified parameter NextToken is not valid.")
        : Invalid("MaxResults, PageNumber or PageSize");

    public static EcsError Invalid(string parameter) => new(
        400, "InvalidParameter", $"The specified parameter \"{parameter}\" is not valid.");
}
