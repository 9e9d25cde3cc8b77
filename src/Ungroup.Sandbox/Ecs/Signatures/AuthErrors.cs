using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>
/// The gateway's own refusals (sheet 1.3, second table).
/// https://error-center.alibabacloud.com/status/product/Public [HC-COMMON]
/// https://help.aliyun.com/en/polardb/client-error-codes [POLAR-ERR]
/// </summary>
internal static class AuthErrors
{
    public static readonly EcsError MissingSignature = new(400, "MissingSignature", "The request is not signed.");

    public static readonly EcsError MissingAccessKeyId = new(400, "MissingAccessKeyId", "The request does not name an access key.");

    public static readonly EcsError InvalidSignatureMethod = new(400, "InvalidSignatureMethod", "Specified signature method is not valid.");

    // The ECS family answers 404 here, other products 400. [POLAR-ERR]
    public static readonly EcsError UnknownKey = new(404, "InvalidAccessKeyId.NotFound", "Specified access key is not found.");

    // [EMAS-ERR]
    public static readonly EcsError BadDate = new(
        400, "InvalidTimeStamp.Format", "Specified time stamp or date value is not well formatted.");

    public static readonly EcsError ExpiredDate = new(400, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.");

    // [OCR-ERR]
    public static readonly EcsError NonceUsed = new(400, "SignatureNonceUsed", "Specified signature nonce was used already.");

    public static readonly EcsError MissingToken = new(
        400, "MissingSecurityToken", "The security token of this temporary access key is missing.");

    public static readonly EcsError WrongToken = new(
        400, "InvalidSecurityToken.MismatchWithAccessKey", "Specified SecurityToken mismatches the AccessKey.");

    public static readonly EcsError ExpiredToken = new(400, "InvalidSecurityToken.Expired", "Specified SecurityToken is expired.");

    // No page says what becomes of a session whose role is gone; that it is refused is certain.
    public static readonly EcsError RevokedToken = new(400, "InvalidSecurityToken.Malformed", "Specified SecurityToken is malformed.");

    public static EcsError Incomplete(string why) => new(
        400, "IncompleteSignature", $"The request signature does not conform to Aliyun standards. {why}");

    // 400 as gateway pages have it; product pages say 403. The message echoes the request, as the real one does. [SIG-MSG]
    public static EcsError Mismatch(string explanation) => new(400, "SignatureDoesNotMatch", explanation);
}
