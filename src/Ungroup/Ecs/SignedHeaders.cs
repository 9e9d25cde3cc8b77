namespace Ungroup.Ecs;

/// <summary>What a call is signed with beside its query: lower-case names, in ordinal order.</summary>
internal static class SignedHeaders
{
    public static KeyValuePair<string, string>[] Of(
        string action, string host, string date, string nonce, string? provider, Credentials credentials)
    {
        var token = credentials.SecurityToken;
        KeyValuePair<string, string>?[] all =
        [
            new("host", host),
            token is null ? null : new("x-acs-accesskey-id", credentials.AccessKeyId),
            new("x-acs-action", action),
            new("x-acs-content-sha256", Acs3Signature.EmptyBody),
            provider is null ? null : new("x-acs-credentials-provider", provider),
            new("x-acs-date", date),
            token is null ? null : new("x-acs-security-token", token),
            new("x-acs-signature-nonce", nonce),
            new("x-acs-version", EcsCall.Version),
        ];
        return [.. all.OfType<KeyValuePair<string, string>>()];
    }
}
