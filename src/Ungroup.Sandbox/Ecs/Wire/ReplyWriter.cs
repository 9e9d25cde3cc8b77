using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>Puts a reply on the wire, with the headers real gateways send. [HDRS]</summary>
internal sealed class ReplyWriter(TimeProvider clock)
{
    private const string JsonType = "application/json;charset=utf-8";
    private const string XmlType = "text/xml;charset=utf-8";

    private static readonly byte[] Garbage = [.. """{"RequestId":"4F2A"""u8, 0xff, 0xfe, 0, .. """<html>"""u8];

    private static byte[] Page(int status)
    {
        var title = status == StatusCodes.Status403Forbidden ? "403 Forbidden" : "502 Bad Gateway";
        return Encoding.ASCII.GetBytes($"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>");
    }

    public Task WriteAsync(HttpContext http, WireRequest request, Reply reply, string requestId)
    {
        if (reply is Reply.Reset)
        {
            http.Abort();
            return Task.CompletedTask;
        }

        if (reply is Reply.Close)
        {
            // A client that has the connection in its pool sees its end, and not one byte of a reply.
            http.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket.Shutdown(SocketShutdown.Send);
            return Task.CompletedTask;
        }

        var headers = http.Response.Headers;
        http.Response.StatusCode = reply.Status;
        headers.Date = clock.GetUtcNow().ToString("r");
        switch (reply)
        {
            case Reply.ProxyPage:
                return SendAsync(http, "text/html", Page(reply.Status));

            case Reply.Garbage:
                WriteGatewayHeaders(headers, requestId);
                return SendAsync(http, JsonType, Garbage);

            case Reply.Redirect:
                headers.Location = "https://error.sandbox.invalid/";
                return SendAsync(http, contentType: null, ReadOnlyMemory<byte>.Empty);

            case Reply.Empty:
                return SendAsync(http, contentType: null, ReadOnlyMemory<byte>.Empty);

            case Reply.Success success:
                WriteGatewayHeaders(headers, requestId);
                return request.WantsXml
                    ? SendAsync(http, XmlType, Xml.Success(request.Action, success.Json))
                    : SendAsync(http, JsonType, success.Json);

            case Reply.Refusal { Error: var error } refusal:
                WriteGatewayHeaders(headers, requestId);
                if (error.Hint is { } hint)
                {
                    headers[hint.Header] = hint.Value;
                }

                var host = request.Host.Split(':')[0];
                return request.WantsXml
                    ? SendAsync(http, XmlType, Xml.Error(error, requestId, host))
                    : SendAsync(http, JsonType, Payload.Error(error, requestId, host, refusal.LowercaseKeys));

            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static void WriteGatewayHeaders(IHeaderDictionary headers, string requestId)
    {
        headers["x-acs-request-id"] = requestId;
        headers["x-acs-trace-id"] = requestId.Replace("-", "").ToLowerInvariant();
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = "*";
        headers.KeepAlive = "timeout=25";
    }

    private static Task SendAsync(HttpContext http, string? contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.Headers.ContentType = contentType is null ? StringValues.Empty : contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
