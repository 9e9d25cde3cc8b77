using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Configuration;
using Ungroup.Intake;

namespace Ungroup.Functions.Http;

/// <summary>
/// The caller, where App Service authentication names one. It strips and sets the headers of the principal only where it is on: where it is off
/// they are anybody's word, and whoever sends them is turned away.
/// </summary>
public sealed class SignIn(IConfiguration configuration)
{
    /// <summary>The app role of those who may approve.</summary>
    internal const string ApproverRole = "Ungroup.Jobs.Approve";

    // The platform sets it, and nobody else can.
    internal const string IsOnSetting = "WEBSITE_AUTH_ENABLED";

    internal const string Header = "X-MS-CLIENT-PRINCIPAL";

    private bool IsOn => bool.TryParse(configuration[IsOnSetting], out var isOn) && isOn;

    /// <summary>Anybody who has the key of the function, with his name where it is proven.</summary>
    internal Task<IActionResult> AsAnybodyAsync(HttpRequest request, Func<JobCaller, Task<IActionResult>> answerAsync) => Read(request) switch
    {
        (_, { } refused) => Refuse(StatusCodes.Status401Unauthorized, refused),
        ({ IsPerson: true } person, _) => answerAsync(person.Caller),
        _ => answerAsync(JobCaller.OverHttp),
    };

    /// <summary>The same, and where the platform authenticates a person who has the role of approvers.</summary>
    internal Task<IActionResult> AsApproverAsync(HttpRequest request, Func<JobCaller, Task<IActionResult>> answerAsync) => Read(request) switch
    {
        (_, { } refused) => Refuse(StatusCodes.Status401Unauthorized, refused),
        (null, _) when !IsOn => answerAsync(JobCaller.OverHttp),
        (null, _) => Refuse(StatusCodes.Status401Unauthorized, "Nobody has signed in; a plan is approved by a person, with a token of Entra beside the key of the function."),
        ({ IsPerson: false }, _) => Refuse(StatusCodes.Status403Forbidden, "The token is of an application and not of a person; a plan is approved by a person."),
        ({ } person, _) when !person.Roles.Contains(ApproverRole) => Refuse(
            StatusCodes.Status403Forbidden, $"The app role {ApproverRole} is missing; it is given in Entra, on the enterprise application of the function app."),
        ({ } person, _) => answerAsync(person.Caller),
    };

    private (ClientPrincipal? Principal, string? Refused) Read(HttpRequest request)
    {
        if (!IsOn)
        {
            return request.Headers.Any(header => header.Key.StartsWith(Header, StringComparison.OrdinalIgnoreCase))
                ? (null, $"{Header} came with the request, and nobody here has checked it: App Service authentication is off ({IsOnSetting}).")
                : (null, null);
        }

        return request.Headers[Header].ToString() is not { Length: > 0 } header ? (null, null)
            : ClientPrincipal.TryRead(header, out var principal) ? (principal, null)
            : (null, $"{Header} is none that App Service authentication writes for somebody of Entra.");
    }

    private static Task<IActionResult> Refuse(int status, string sentence) =>
        Task.FromResult<IActionResult>(HttpAnswer.Of(new Problem(status, status == StatusCodes.Status401Unauthorized ? "Not signed in" : "Not allowed", sentence)));
}
