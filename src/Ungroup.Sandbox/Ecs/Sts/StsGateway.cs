using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Quotas;
using Ungroup.Sandbox.Ecs.Signatures;
using Ungroup.Sandbox.Ecs.Wire;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>STS: AssumeRole, which is signed, and AssumeRoleWithOIDC, which is not (sheet 5.3).</summary>
internal sealed class StsGateway(World world, SimulatorOptions options, Issuance issuance, SignatureGate signatures, RequestLog log)
{
    public const string Version = "2015-04-01";
    public const string AssumeRole = "AssumeRole";
    public const string AssumeRoleWithOidc = "AssumeRoleWithOIDC";

    private const string AllCalls = "sts";

    private readonly ReplyWriter _replies = new(options.Clock);

    // A hundred calls a second and account. [STS-FAQ]
    private readonly QuotaBook _quota = new([new Quota(AllCalls, Calls: 100, PerSeconds: 1) { Hints = HintForm.None }], world.StartedAt);

    public async Task AnswerAsync(HttpContext http, WireRequest request, CancellationToken stopping)
    {
        var requestId = Guid.NewGuid().ToString().ToUpperInvariant();
        var role = world.Trust.Roles.FirstOrDefault(role => role.Arn == request.Parameters["RoleArn"]);
        var fault = world.Faults.Take(request.Action, role is null ? [] : [role.Name], kind => !FaultKind.Accompanies(kind));
        if (fault?.Kind == FaultKind.Slow)
        {
            await Task.Delay(fault.Span, options.Clock, stopping);
        }

        var reply = fault is null or { Kind: FaultKind.Slow } ? Decide(request, role?.Account.Name ?? "", requestId)
            : fault.Kind == FaultKind.ExpiredToken ? new Reply.Refusal(StsErrors.TokenExpired)
            : FaultReplies.Of(fault);
        log.Add(LoggedRequest.Of(request, options.Clock.GetUtcNow(), reply, requestId) with { Account = role?.Account.Name ?? "", Fault = fault?.Kind });
        await _replies.WriteAsync(http, request, reply, requestId);
    }

    private Reply Decide(WireRequest request, string account, string requestId)
    {
        var (session, problem) = _quota.Count(account, "", AllCalls, options.Clock.GetUtcNow()) is not null ? (null, EcsErrors.Throttled)
            : request.Action == AssumeRoleWithOidc ? ByToken(request)
            : request.Action == AssumeRole ? ByKey(request)
            : (null, EcsErrors.UnknownAction);
        return session is null ? new Reply.Refusal(problem!) : new Reply.Success(Payload.Success(requestId, json => Write(json, session)));
    }

    private (Session? Session, EcsError? Problem) ByToken(WireRequest request)
    {
        var (assumption, problem) = Assumption.Read(world.Trust, request.Parameters);
        problem ??= issuance.RefuseToken(assumption!.Role, request.Parameters["OIDCProviderArn"], request.Parameters["OIDCToken"] ?? "");
        return problem is null ? (issuance.Open(assumption!), null) : (null, problem);
    }

    private (Session? Session, EcsError? Problem) ByKey(WireRequest request)
    {
        var admission = signatures.Check(request);
        if (admission is Admission.Refused { Error: var refused })
        {
            return (null, refused);
        }

        var (assumption, problem) = Assumption.Read(world.Trust, request.Parameters);
        problem ??= ((Admission.Admitted)admission).Account != assumption!.Role.Account
            || assumption.Role.ExternalId != request.Parameters.Given("ExternalId") ? StsErrors.NotAuthorized : null;
        return problem is null ? (issuance.Open(assumption!), null) : (null, problem);
    }

    /// <summary>As the official clients read it.</summary>
    private static void Write(Utf8JsonWriter json, Session session)
    {
        json.WriteStartObject("AssumedRoleUser");
        json.WriteString("Arn", $"{session.Role.Arn}/{session.Name}");
        json.WriteString("AssumedRoleId", $"300000000000000000:{session.Name}");
        json.WriteEndObject();
        json.WriteStartObject("Credentials");
        json.WriteString("AccessKeyId", session.AccessKeyId);
        json.WriteString("AccessKeySecret", session.AccessKeySecret);
        json.WriteString("SecurityToken", session.SecurityToken);
        json.WriteString("Expiration", session.Expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        json.WriteEndObject();
    }
}
