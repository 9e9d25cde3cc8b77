using Microsoft.AspNetCore.Http;

namespace Ungroup.Functions.Http;

internal static class RequestBody
{
    /// <summary>The body, or a little more than <paramref name="longest"/> bytes of it: enough to see that it is too large.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpRequest request, int longest)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (body.Length <= longest && (read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    /// <summary>The query and the attributes of a binary event: <c>?dryRun=true</c> beside a body is refused and not overlooked.</summary>
    public static Dictionary<string, object?> Beside(HttpRequest request) => request.Query
        .Concat(request.Headers.Where(header => header.Key.StartsWith("ce-", StringComparison.OrdinalIgnoreCase)))
        .GroupBy(given => given.Key, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(given => given.Key, given => (object?)given.First().Value.ToString());
}
