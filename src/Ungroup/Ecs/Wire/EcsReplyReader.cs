using System.Globalization;
using System.Text;
using Ungroup.Requests;

namespace Ungroup.Ecs.Wire;

internal static class EcsReplyReader
{
    // Windows are minutes; a longer hint is a mistake, and would close an API for nothing.
    public static readonly TimeSpan LongestHint = TimeSpan.FromMinutes(15);

    private const int LongestQuote = 80;
    private const int MostQuoted = 512;

    public static EcsReply Read(EcsCall call, HttpResponseMessage response, byte[]? whole, AccessKey credentials)
    {
        var status = (int)response.StatusCode;
        var envelope = EcsBody.Parse(whole);
        var requestId = envelope?.RequestId ?? Redaction.OneLine(HeaderOf(response, "x-acs-request-id"), EcsBody.LongestId);
        var reply = new EcsReply { Status = status, RequestId = requestId, SignedWith = credentials };
        return (status, envelope) switch
        {
            (200, { RequestId: not null, Code: null }) => call.IsRead ? reply with { Body = whole } : reply,
            ( >= 400, { Code: { } code }) when reply.RequestId is not null =>
                Refused(reply with { Code = code, RetryAfter = RetryAfterOf(response) }, envelope, credentials),
            _ => Foreign(reply with { RetryAfter = RetryAfterOf(response) }, envelope, Quoted(whole, credentials)),
        };
    }

    /// <summary>Not ECS's: a page, a redirect, nothing at all, or a status that belies its body. It proves nothing either way.</summary>
    private static EcsReply Foreign(EcsReply reply, EcsBody? envelope, string quoted) => reply with
    {
        Code = NoReply.Unreadable,
        Fault = Fault.Unknown,
        Message = $"HTTP {reply.Status.ToString(CultureInfo.InvariantCulture)}"
            + (envelope?.Code is { } code ? $" with the code {code}" : "")
            + $", which is no reply of ECS: {quoted}",
    };

    private static string Quoted(byte[]? whole, AccessKey credentials)
    {
        if (whole is not { } body)
        {
            return "more than ECS ever writes";
        }

        var text = Encoding.UTF8.GetString(body.AsSpan(0, Math.Min(body.Length, MostQuoted)));
        var quoted = Redaction.OneLine(credentials.Redact(Secrets.Redact(text, goesOn: body.Length > MostQuoted)), LongestQuote);
        return quoted is null ? "an empty body" : $"\"{quoted}\"";
    }

    private static EcsReply Refused(EcsReply reply, EcsBody envelope, AccessKey credentials) => reply with
    {
        Message = MessageOf(reply.Code, envelope, credentials),
        Fault = EcsFault.Classify(reply.Status, reply.Code, reply.RetryAfter),
    };

    /// <summary>A signature mismatch echoes the whole request; other messages may name a key.</summary>
    private static string? MessageOf(string? code, EcsBody envelope, AccessKey credentials)
    {
        if (code is "SignatureDoesNotMatch" or "IncompleteSignature")
        {
            return "The signature is not the one ECS calculates.";
        }

        var text = string.Join("; ", new[] { envelope.Message, envelope.Denied }.OfType<string>());
        return Redaction.OneLine(credentials.Redact(text));
    }

    /// <summary>Milliseconds; zero, negative and garbage are seen in the wild and mean nothing.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var hint = HeaderOf(response, "x-acs-retry-after") ?? TimeLeftOf(response, "x-ratelimit-user-api") ?? TimeLeftOf(response, "x-ratelimit-user");
        return long.TryParse(hint, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds > 0
            ? TimeSpan.FromMilliseconds(Math.Min(milliseconds, (long)LongestHint.TotalMilliseconds))
            : null;
    }

    /// <summary>Older gateways: <c>Limit:1,Remain:0,TimeLeft:2000,Reset:1234</c>.</summary>
    private static string? TimeLeftOf(HttpResponseMessage response, string header) => HeaderOf(response, header)?
        .Split(',', StringSplitOptions.TrimEntries)
        .FirstOrDefault(part => part.StartsWith("TimeLeft:", StringComparison.OrdinalIgnoreCase))?["TimeLeft:".Length..].Trim();

    private static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
