namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>The ways a call can go wrong on request, by the names the world file uses.</summary>
internal static class FaultKind
{
    public const string Throttle = "throttle";
    public const string ThrottleNoHint = "throttle-no-hint";
    public const string Conflict = "conflict";
    public const string InternalError = "internal-error";
    public const string ServiceUnavailable = "service-unavailable";
    public const string TimeoutBeforeApply = "timeout-before-apply";
    public const string TimeoutAfterApply = "timeout-after-apply";
    public const string ResetBeforeApply = "reset-before-apply";
    public const string ResetAfterApply = "reset-after-apply";
    public const string Html502 = "html-502";
    public const string Empty504 = "empty-504";
    public const string Slow = "slow";
    public const string ExpiredToken = "expired-token";
    public const string LegacyNotMember = "legacy-not-member";
    public const string LowercaseErrorKeys = "lowercase-error-keys";
    public const string StaleRead = "stale-read";
    public const string Redirect = "redirect";
    public const string Html403 = "html-403";
    public const string Empty404 = "empty-404";
    public const string CodeIn200 = "code-in-200";
    public const string CloseBeforeApply = "close-before-apply";
    public const string CloseAfterApply = "close-after-apply";

    public const string Garbage = "garbage";

    public const string AppliedLater = "applied-later";

    /// <summary>Followed by any code: a refusal by it.</summary>
    public const string AnyCode = "code:";

    public static readonly string[] All =
    [
        Throttle, ThrottleNoHint, Conflict, InternalError, ServiceUnavailable, TimeoutBeforeApply, TimeoutAfterApply,
        ResetBeforeApply, ResetAfterApply, Html502, Empty504, Slow, ExpiredToken, LegacyNotMember, LowercaseErrorKeys, StaleRead,
        Redirect, Html403, Empty404, CodeIn200, CloseBeforeApply, CloseAfterApply, Garbage, AppliedLater,
    ];

    /// <summary>Kinds that change an answer or a later read where one is due; all others take the place of the answer.</summary>
    public static bool Accompanies(string kind) => kind is LegacyNotMember or LowercaseErrorKeys or StaleRead;
}
