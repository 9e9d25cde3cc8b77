namespace Ungroup.Ecs.Wire;

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
