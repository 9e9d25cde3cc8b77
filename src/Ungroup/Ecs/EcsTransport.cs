using System.Buffers;
using System.Net;

namespace Ungroup.Ecs;

/// <summary>How bytes get to ECS and back: what HttpClient would do by itself and must not.</summary>
internal static class EcsTransport
{
    // Several times a page of a hundred instances; we read one.
    private const int LongestBody = 4 * 1024 * 1024;

    /// <summary>A redirect would be signed for another host, and a cookie says more than the signature does.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.GZip,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // ECS closes an idle connection after 25 s; one found closed would make .NET send the same nonce a second time.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>The identity endpoint is on this very machine; a proxy on the way would be told the key to it.</summary>
    public static SocketsHttpHandler CreateLocalHandler()
    {
        var handler = CreateHandler();
        handler.UseProxy = false;
        return handler;
    }

    /// <summary>The whole body in a rented array, to be returned by the caller, and its length; -1 when it is too long.</summary>
    public static async ValueTask<(byte[] Rented, int Length)> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var length = 0;
        try
        {
            var stream = await content.ReadAsStreamAsync(cancellationToken);
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
                if (read == 0 || length > LongestBody)
                {
                    return (buffer, read == 0 ? length : -1);
                }

                buffer = length == buffer.Length ? Grow(buffer, length) : buffer;
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static byte[] Grow(byte[] full, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * length);
        full.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
