using System.Globalization;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Ecs.Credentials.Sts;

internal sealed class CredentialsUri(CredentialsHttp http, Uri uri)
{
    public async Task<Grant> IssueAsync()
    {
        var answer = await http.SendAsync(new(HttpMethod.Get, uri));
        if (answer.Silence is { } silence)
        {
            return Refused($"Uri.{silence.Code}", silence.Message!, Fault.Transient);
        }

        using var document = JsonBody.Parse(answer.Body);
        var code = document?.RootElement.Text("Code");
        return answer.Status == 200 && code is null or "Success" && document is not null && IssuedCredentials.Read(document.RootElement, answer.Now) is { } grant
            ? grant
            : Refused(
                $"Uri.Http{answer.Status.ToString(CultureInfo.InvariantCulture)}",
                Redaction.OneLine(document?.RootElement.Text("Message")) ?? "no credentials came.",
                answer.Status is 408 or 429 or >= 500 ? Fault.Transient : Fault.Configuration);
    }

    private static Grant.Withheld Refused(string code, string message, Fault fault) => new(
        code, $"Credentials URI: {message}", fault,
        fault == Fault.Transient ? "Nothing to do: it is asked again by itself." : "Check Accounts:<name>:CredentialsUri and what answers there.");
}
