using System.Globalization;

namespace Ungroup.Ecs;

/// <summary>Turns status, headers and body into an <see cref="EcsReply"/>: what ECS said, or that it was not ECS who spoke.</summary>
internal static class EcsReplyReader
{
    // Windows are minutes; a hint beyond this is a mistake, and would close an API for nothing.
    private static readonly TimeSpan LongestHint = TimeSpan.FromMinutes(15);

    public static EcsReply Read(EcsCall call, HttpResponseMessage response, ReadOnlyMemory<byte> body, Credentials credentials)
    {
        var status = (int)response.StatusCode;
        var envelope = EcsBody.Parse(body);
        var requestId = envelope?.RequestId ?? HeaderOf(response, "x-acs-request-id");
        var reply = new EcsReply { Status = status, RequestId = requestId, SignedWith = credentials };
        if (!response.IsSuccessStatusCode)
        {
            return Refused(reply with { RetryAfter = RetryAfterOf(response) }, envelope, credentials);
        }

        // Every success of ECS has a RequestId; without one, somebody in between has answered.
        return envelope is null || requestId is null
            ? reply with { Code = NoReply.Unreadable, Fault = Fault.Unknown, Message = $"HTTP {status}, but not in the words of ECS." }
            : call.IsRead ? reply with { Body = body.ToArray() } : reply;
    }

    private static EcsReply Refused(EcsReply reply, EcsBody? envelope, Credentials credentials)
    {
        var code = envelope?.Code;
        var fault = EcsFault.Classify(reply.Status, code);
        return reply with
        {
            Code = code ?? $"Http{reply.Status.ToString(CultureInfo.InvariantCulture)}",
            Message = MessageOf(code, envelope, credentials),

            // The official client takes any no with a hint for throttling; we do where the code says nothing better.
            Fault = fault == Fault.Permanent && reply.RetryAfter is not null && EcsFault.Find(code) is null ? Fault.Throttled : fault,
        };
    }

    /// <summary>A signature mismatch echoes the whole request; other messages may name a key.</summary>
    private static string? MessageOf(string? code, EcsBody? envelope, Credentials credentials)
    {
        if (code is "SignatureDoesNotMatch" or "IncompleteSignature")
        {
            return "The signature is not the one ECS calculates.";
        }

        var text = string.Join("; ", new[] { envelope?.Message, envelope?.Denied }.OfType<string>());
        return Redaction.OneLine(credentials.Redact(text));
    }

    /// <summary>Milliseconds, and only positive ones: zero, negative and garbage are seen in the wild and mean nothing.</summary>
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
