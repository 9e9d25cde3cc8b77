using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Sts;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Identity;

/// <summary>
/// The identity endpoint of an app, as App Service has it.
/// https://learn.microsoft.com/en-us/azure/app-service/overview-managed-identity#rest-endpoint-reference [MS-MI]
/// </summary>
internal sealed class IdentityDesk(World world, TokenSigner signer, SimulatorOptions options, RequestLog log)
{
    public const string Path = "/msi/token";
    public const string Action = "GetIdentityToken";

    /// <summary>The secret that a caller must know, so that no other process on the machine gets a token.</summary>
    public string Header { get; } = Guid.NewGuid().ToString("N");

    public async Task AnswerAsync(HttpContext http, CancellationToken stopping)
    {
        var request = await WireRequest.ReadAsync(http.Request, stopping);
        var fault = world.Faults.Take(Action, [], kind => !FaultKind.Accompanies(kind));
        if (fault?.Kind == FaultKind.Slow)
        {
            await Task.Delay(fault.Span, options.Clock, stopping);
        }

        var (status, members) = fault is null or { Kind: FaultKind.Slow } ? Decide(request) : (500, Say("ExceptionMessage", "The identity service is away."));
        log.Add(new LoggedRequest(0, options.Clock.GetUtcNow(), Action, "", null, request.Parameters.All.DistinctBy(parameter => parameter.Key).ToDictionary(), status, null, null, false, fault?.Kind));
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(Payload.Json(members), stopping);
    }

    private (int Status, Action<Utf8JsonWriter> Members) Decide(WireRequest request)
    {
        if (request.Header("X-IDENTITY-HEADER") != Header)
        {
            return (401, Say("message", "X-IDENTITY-HEADER is not the one of this app."));
        }

        var (audience, clientId) = (request.Query.Given("resource"), request.Query.Given("client_id"));
        var identity = world.Trust.Identities.FirstOrDefault(identity => identity.ClientId == clientId);
        return audience is null || request.Query["api-version"] != "2019-08-01" ? (400, Say("message", "`resource` and `api-version=2019-08-01` are needed."))
            : identity is null ? (400, Say("message", "No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId."))
            : (200, json => Write(json, audience, identity));
    }

    private void Write(Utf8JsonWriter json, string audience, ManagedIdentity identity)
    {
        var now = options.Clock.GetUtcNow();
        json.WriteString("access_token", signer.Sign(audience, identity.ObjectId, now, options.TokenLifetime));
        json.WriteString("expires_on", $"{(now + options.TokenLifetime).ToUnixTimeSeconds()}");
        json.WriteString("resource", audience);
        json.WriteString("token_type", "Bearer");
        json.WriteString("client_id", identity.ClientId);
    }

    private static Action<Utf8JsonWriter> Say(string name, string text) => json => json.WriteString(name, text);
}
