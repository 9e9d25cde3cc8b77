using System.Collections.Frozen;
using static Ungroup.Ecs.Fault;

namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>
/// The one table of STS's codes. The tag behind a line is its source.
/// OIDC: https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerolewithoidc and the troubleshooting
/// of role-based single sign-on by OIDC; FAQ: https://www.alibabacloud.com/help/en/ram/support/faq-about-ram-roles-and-sts-tokens;
/// ROLE: https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-assumerole.
/// </summary>
internal static class StsFault
{
    private const string Wait = "Nothing to do: STS is asked again by itself.";
    private const string Trust = "Compare the role's trust policy with the token: oidc:iss, oidc:aud and oidc:sub (the identity's object id) must match exactly.";
    private const string Key = "Check the access key that assumes the role (Accounts:<name>, or the environment's).";
    private const string Role = "Check Accounts:<name>:RoleArn, and that the role is still there.";
    private const string Form = "Correct the setting of the account that the code names (Accounts:<name>).";

    public static IReadOnlyList<EcsFaultRow> Rows { get; } =
    [
        new("AuthenticationFail.OIDCToken.Expired", Authentication,
            "Raise the OIDC provider's issuance limit: Azure hands out tokens that are up to 24 hours old. Check both clocks."), // OIDC
        new("AuthenticationFail.OIDCToken.Invalid", Configuration,
            "Check that the OIDC provider's issuer URL is the token's `iss`, and that its client ids include the token's `aud` (Accounts:<name>:TokenAudience)."), // OIDC
        new("AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch", Configuration,
            "The issuer's certificate has changed: add its new fingerprint to the OIDC provider."), // OIDC
        new("AuthenticationFail.NoPermission", Configuration, Trust), // OIDC
        new("EntityNotExist.Role", Configuration, Role), // ROLE
        new("EntityNotExist.OIDCProvider", Configuration, "Check Accounts:<name>:OidcProviderArn, and that the provider is still there."), // OIDC

        new("NoPermission", Configuration,
            "Let the key's user call sts:AssumeRole, and name it in the role's trust policy; an account's root key can never assume a role."), // FAQ
        new("InvalidAccessKeyId.NotFound", Authentication, Key), // FAQ
        new("InvalidAccessKeyId.Inactive", Configuration, Key), // FAQ
        new("MissingSecurityToken", Configuration, Key), // FAQ
        new("InvalidSecurityToken.Expired", Authentication, Key), // ROLE
        new("SignatureDoesNotMatch", Configuration, Key), // ROLE
        new("InvalidTimeStamp.Expired", Configuration, "Correct the clock of the machine: STS takes dates within 15 minutes of its own."), // ROLE

        new("InvalidParameter.RoleArn", Configuration, Form), // ROLE
        new("InvalidParameter.RoleSessionName", Configuration, Form), // FAQ
        new("InvalidParameter.DurationSeconds", Configuration,
            "Accounts:<name>:SessionDuration must not be longer than the role's maximum session duration."), // FAQ
        new("InvalidParameter.PolicyGrammar", Configuration, "Check Accounts:<name>:SessionPolicyGroups."), // FAQ

        new("Throttling.User", Throttled, Wait), // FAQ: 100 calls a second and account
        new("Throttling.Api", Throttled, Wait), // FAQ
        new("ServiceUnavailable", Transient, Wait), // ROLE
        new("InternalError", Transient, Wait), // ROLE
    ];

    private static readonly FrozenDictionary<string, EcsFaultRow> ByCode = Rows.ToFrozenDictionary(row => row.Code, StringComparer.Ordinal);

    public static Fault Classify(int status, string? code) => (status, code) switch
    {
        _ when Find(code) is { } row => row.Fault,
        (_, { } text) when text.Contains("Throttling", StringComparison.Ordinal) => Throttled,

        // STS redirects callers that come too often; ECS never does.
        (429 or (>= 300 and < 400), _) => Throttled,
        (408 or >= 500, _) => Transient,

        // Without a code the reply is not STS's, but that of something in between.
        (_, null) => Transient,
        _ => Configuration,
    };

    public static string AdviceFor(string? code, Fault fault) => Find(code)?.Advice ?? fault switch
    {
        Throttled or Transient => Wait,
        _ => "Check the role, the OIDC provider and the other settings of the account (Accounts:<name>).",
    };

    private static EcsFaultRow? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);
}
