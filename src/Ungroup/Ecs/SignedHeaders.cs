namespace Ungroup.Ecs;

/// <summary>What a call is signed with beside its query: lower-case names, in ordinal order.</summary>
internal static class SignedHeaders
{
    public static List<KeyValuePair<string, string>> Of(
        string action, string host, string date, string nonce, string? provider, Credentials credentials)
    {
        var headers = new List<KeyValuePair<string, string>>(capacity: 9);
        Add("host", host);
        Add("x-acs-accesskey-id", credentials.SecurityToken is null ? null : credentials.AccessKeyId);
        Add("x-acs-action", action);
        Add("x-acs-content-sha256", Acs3Signature.EmptyBody);
        Add("x-acs-credentials-provider", provider);
        Add("x-acs-date", date);
        Add("x-acs-security-token", credentials.SecurityToken);
        Add("x-acs-signature-nonce", nonce);
        Add("x-acs-version", EcsCall.Version);
        return headers;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }
}
