using System.Text;
using Microsoft.AspNetCore.Http;

namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>A call as it came off the wire: what a signature is checked against.</summary>
internal sealed record WireRequest(
    string Method, string Path, string Host, IHeaderDictionary Headers, Parameters Query, Parameters Form, byte[] Body)
{
    /// <summary>Parameters from query and form alike; both are accepted. [LSG-EN]</summary>
    public Parameters Parameters { get; } = Query.With(Form);

    // V3 names action and version in headers, V1 in parameters.
    // https://www.alibabacloud.com/help/en/sdk/product-overview/v3-request-structure-and-signature [V3]
    public string Action { get; } = Header(Headers, "x-acs-action") ?? Query["Action"] ?? Form["Action"] ?? "";

    public string Version { get; } = Header(Headers, "x-acs-version") ?? Query["Version"] ?? Form["Version"] ?? "";

    // The official client names action and version in headers in V1 mode too, so those do not tell the schemes apart. [RUN]
    public bool IsV3 { get; } = Headers.ContainsKey("Authorization")
        || (Headers.ContainsKey("x-acs-action") && Query["Signature"] is null && Form["Signature"] is null);

    /// <summary>
    /// XML is V1's documented default; V3 answers JSON.
    /// https://help.aliyun.com/en/sdk/product-overview/rpc-mechanism [V2RPC]
    /// </summary>
    public bool WantsXml => !IsV3 && !string.Equals(Parameters["Format"], "JSON", StringComparison.OrdinalIgnoreCase);

    public string? Header(string name) => Header(Headers, name);

    public static async Task<WireRequest> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var body = await ReadBodyAsync(request, ct);
        var isForm = request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
        return new WireRequest(
            request.Method,
            request.Path.Value ?? "/",
            request.Headers.Host.ToString(),
            request.Headers,
            Parameters.Parse(request.QueryString.Value.AsSpan().TrimStart('?')),
            isForm ? Parameters.Parse(Encoding.UTF8.GetString(body)) : Parameters.None,
            body);
    }

    private static string? Header(IHeaderDictionary headers, string name) =>
        headers.TryGetValue(name, out var value) ? value.ToString().Trim() : null;

    private static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength is 0 || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding")))
        {
            return [];
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, ct);
        return body.ToArray();
    }
}
