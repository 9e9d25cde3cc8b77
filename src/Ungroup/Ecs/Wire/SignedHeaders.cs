namespace Ungroup.Ecs.Wire;

/// <summary>What a call is signed with beside its query: lower-case names, in ordinal order.</summary>
internal static class SignedHeaders
{
    public const string Host = "host";

    public static List<KeyValuePair<string, string>> Of(
        string action, string host, string date, string nonce, string? provider, AccessKey credentials)
    {
        List<KeyValuePair<string, string>> headers = [];
        Write(headers, action, host, date, nonce, provider, credentials);
        return headers;
    }

    /// <param name="headers">An empty list, to be filled.</param>
    /// <param name="action">What is called.</param>
    /// <param name="host">The host, with its port where that is not the usual one.</param>
    /// <param name="date">Now, at ECS.</param>
    /// <param name="nonce">Unique per attempt.</param>
    /// <param name="provider">What ECS is told about where the credentials come from.</param>
    /// <param name="credentials">Whose key signs.</param>
    public static void Write(
        List<KeyValuePair<string, string>> headers, string action, string host, string date, string nonce, string? provider, AccessKey credentials)
    {
        Add(Host, host);
        Add("x-acs-accesskey-id", credentials.SecurityToken is null ? null : credentials.AccessKeyId);
        Add("x-acs-action", action);
        Add("x-acs-content-sha256", Acs3Signature.EmptyBody);
        Add("x-acs-credentials-provider", provider);
        Add("x-acs-date", date);
        Add("x-acs-security-token", credentials.SecurityToken);
        Add("x-acs-signature-nonce", nonce);
        Add("x-acs-version", EcsCall.Version);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                headers.Add(new(name, value));
            }
        }
    }
}
