using Microsoft.AspNetCore.Http;

namespace Ungroup.Functions;

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
}
