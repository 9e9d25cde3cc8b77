using System.Globalization;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>
/// The managed identity of App Service, Functions and Container Apps:
/// https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity#rest-endpoint-reference.
/// </summary>
internal sealed class AppIdentity(CredentialsHttp http, EnvironmentVariables environment, string audience, string? clientId)
{
    private const string Endpoint = "IDENTITY_ENDPOINT";
    private const string Header = "IDENTITY_HEADER";
    private const string NoIdentity =
        "Give the app a managed identity (it exists in App Service, Functions and Container Apps), or take the credentials from elsewhere (Accounts:<name>:Credentials).";

    public async Task<IdentityToken> FetchAsync()
    {
        if (environment(Header) is not { Length: > 0 } header
            || !Uri.TryCreate(environment(Endpoint), UriKind.Absolute, out var endpoint)
            || (endpoint.Scheme != Uri.UriSchemeHttp && endpoint.Scheme != Uri.UriSchemeHttps))
        {
            return Refused("IdentityMissing", $"this process has no managed identity: {Endpoint} and {Header} do not lead to one.", Fault.Configuration, NoIdentity);
        }

        var request = new HttpRequestMessage(HttpMethod.Get, $"{endpoint.GetLeftPart(UriPartial.Path)}?{Query()}");
        request.Headers.TryAddWithoutValidation("X-IDENTITY-HEADER", header);
        var answer = await http.SendAsync(request);
        return Read(answer, text => text.Replace(header, "***", StringComparison.Ordinal));
    }

    private string Query()
    {
        List<KeyValuePair<string, string>> parameters = [new("api-version", "2019-08-01"), new("resource", audience)];
        if (!string.IsNullOrEmpty(clientId))
        {
            parameters.Add(new("client_id", clientId));
        }

        return CanonicalQuery.Of(parameters);
    }

    private static IdentityToken Read(HttpAnswer answer, Func<string, string> redact)
    {
        const string Wait = "Nothing to do: it is asked again by itself.";
        if (answer.Silence is { } silence)
        {
            return Refused($"Identity.{silence.Code}", silence.Message!, Fault.Transient, Wait);
        }

        using var document = JsonBody.Parse(answer.Body);
        if (answer.Status == 200)
        {
            return IdentityToken.Of(document?.RootElement.Text("access_token"), "The managed identity's token");
        }

        var said = document?.RootElement.Text("message") ?? document?.RootElement.Text("error_description");
        var message = Redaction.OneLine(said is null ? null : redact(said)) ?? "not a word.";
        var code = $"Identity.Http{answer.Status.ToString(CultureInfo.InvariantCulture)}";
        return answer.Status is 408 or 410 or 429 or >= 500
            ? Refused(code, message, Fault.Transient, Wait)
            : Refused(code, message, Fault.Configuration,
                "Check Accounts:<name>:TokenAudience (an App ID URI of your tenant) and Accounts:<name>:IdentityClientId, and that the app has that identity.");
    }

    private static IdentityToken.Missing Refused(string code, string message, Fault fault, string advice) =>
        new(new Grant.Withheld(code, $"Managed identity: {message}", fault, advice));
}
