using System.Globalization;
using System.Text;
using Ungroup.Ecs.Wire;

namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>One call to STS: https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-overview.</summary>
internal sealed class StsClient(CredentialsHttp http, string url, TimeProvider clock)
{
    public async Task<Grant> AssumeRoleWithOidcAsync(StsRole role, string providerArn, string token)
    {
        var answer = await PostAsync(Common("AssumeRoleWithOIDC"), [.. role.Parameters(), new("OIDCProviderArn", providerArn), new("OIDCToken", token)]);
        return Read(answer, text => text.Replace(token, "***", StringComparison.Ordinal));
    }

    public async Task<Grant> AssumeRoleAsync(StsRole role, string? externalId, AccessKey key)
    {
        var query = Common("AssumeRole");
        List<KeyValuePair<string, string>> form =
        [
            .. role.Parameters(),
            new("AccessKeyId", key.AccessKeyId),
            new("SignatureMethod", "HMAC-SHA1"),
            new("SignatureNonce", Guid.NewGuid().ToString("N")),
            new("SignatureVersion", "1.0"),
        ];
        Add("SecurityToken", key.SecurityToken);
        Add("ExternalId", externalId);
        Add("Signature", RpcSignature.Of("POST", [.. query, .. form], key.AccessKeySecret));
        return Read(await PostAsync(query, form), key.Redact);

        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                form.Add(new(name, value));
            }
        }
    }

    private List<KeyValuePair<string, string>> Common(string action) =>
    [
        new("Action", action),
        new("Format", "JSON"),
        new("Timestamp", clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
        new("Version", "2015-04-01"),
    ];

    // Secrets go into the form: URLs end up in logs on the way.
    private Task<HttpAnswer> PostAsync(IEnumerable<KeyValuePair<string, string>> query, IEnumerable<KeyValuePair<string, string>> form) =>
        http.SendAsync(new(HttpMethod.Post, $"{url}/?{CanonicalQuery.Of(query)}")
        {
            Content = new StringContent(CanonicalQuery.Of(form), Encoding.UTF8, "application/x-www-form-urlencoded"),
        });

    private static Grant Read(HttpAnswer answer, Func<string, string> redact)
    {
        if (answer.Silence is { } silence)
        {
            return Refused($"Sts.{silence.Code}", silence.Message!, Fault.Transient, null);
        }

        if (answer.Status == 200)
        {
            using var document = JsonBody.Parse(answer.Body);
            return document is not null && document.RootElement.TryGetProperty("Credentials", out var issued) && IssuedCredentials.Read(issued, answer.Now) is { } grant
                ? grant
                : Refused("Sts.NoReply.Unreadable", "HTTP 200, but without credentials.", Fault.Transient, null);
        }

        var envelope = EcsBody.Parse(answer.Body);
        var code = envelope?.Code ?? $"Sts.Http{answer.Status.ToString(CultureInfo.InvariantCulture)}";
        var message = code is "SignatureDoesNotMatch" or "IncompleteSignature"
            ? "The signature is not the one STS calculates."
            : Redaction.OneLine(envelope?.Message is { } said ? redact(said) : null) ?? $"HTTP {answer.Status.ToString(CultureInfo.InvariantCulture)} without a word";
        return Refused(code, message, StsFault.Classify(answer.Status, envelope?.Code), answer.RetryAfter);
    }

    private static Grant.Withheld Refused(string code, string message, Fault fault, TimeSpan? retryAfter) =>
        new(code, $"STS: {message}", fault, StsFault.AdviceFor(code, fault)) { RetryAfter = retryAfter };
}
