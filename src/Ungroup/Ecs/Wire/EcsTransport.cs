namespace Ungroup.Ecs.Wire;

internal static class EcsTransport
{
    private const int LongestBody = 4 * 1024 * 1024;

    /// <summary>A redirect would be signed for another host, and a cookie says more than the signature does.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // ECS closes an idle connection after 25 s; a call that finds one closed has to be read back.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>The identity endpoint is on this machine; a proxy would learn its key.</summary>
    public static SocketsHttpHandler CreateLocalHandler()
    {
        var handler = CreateHandler();
        handler.UseProxy = false;
        return handler;
    }

    /// <summary>The body; null where it is longer than any of ECS's.</summary>
    public static async ValueTask<byte[]?> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        // Hands out the connection, and waits for nothing: the handler has kept none of the body.
        var stream = content.ReadAsStream(cancellationToken);
        var buffer = new byte[content.Headers.ContentLength is > 0 and < LongestBody and var told ? told + 1 : 4096];
        for (var length = 0; length <= LongestBody;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0)
            {
                return buffer[..length];
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * length);
            }
        }

        return null;
    }
}
