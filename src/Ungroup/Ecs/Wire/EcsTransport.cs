using System.Buffers;

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

    public static async ValueTask<RentedBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var length = 0;
        try
        {
            var stream = content.ReadAsStream(cancellationToken);
            while (true)
            {
                var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
                length += read;
                if (read == 0 || length > LongestBody)
                {
                    return new(buffer, read == 0 ? length : null);
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

/// <summary>A body in a rented array, emptied on return: it may hold a token or a secret. Its length is null where it was too long.</summary>
internal readonly struct RentedBody(byte[] rented, int? length) : IDisposable
{
    public bool IsWhole => length is not null;

    public ReadOnlyMemory<byte> Memory => rented.AsMemory(0, length ?? 0);

    public void Dispose()
    {
        rented.AsSpan(0, length ?? rented.Length).Clear();
        ArrayPool<byte>.Shared.Return(rented);
    }
}
