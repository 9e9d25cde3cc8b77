using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>
/// The refusals of STS. Codes as the pages have them; where they print no status or no words, both are ours.
/// https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc [OIDC]
/// https://www.alibabacloud.com/help/en/ram/support/faq-about-ram-roles-and-sts-tokens [STS-FAQ]
/// </summary>
internal static class StsErrors
{
    public static readonly EcsError TokenExpired = new(400, "AuthenticationFail.OIDCToken.Expired", "The OIDC token has expired.");

    public static readonly EcsError TokenInvalid = new(400, "AuthenticationFail.OIDCToken.Invalid", "The OIDC token is invalid.");

    public static readonly EcsError NotTrusted = new(
        403, "AuthenticationFail.NoPermission", "This operation is forbidden by the trust policy of the role.");

    public static readonly EcsError UnknownRole = new(404, "EntityNotExist.Role", "The role does not exist.");

    public static readonly EcsError UnknownProvider = new(404, "EntityNotExist.OIDCProvider", "The OIDC provider does not exist.");

    public static readonly EcsError NotAuthorized = new(403, "NoPermission", "You are not authorized to do this action. You should be authorized by RAM.");

    public static EcsError Wrong(string parameter) => new(400, $"InvalidParameter.{parameter}", $"The parameter {parameter} is wrongly formed.");
}
