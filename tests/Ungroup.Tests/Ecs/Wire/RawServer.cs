using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ungroup.Tests.Ecs.Wire;

/// <summary>A server of bytes: it reads requests off real connections, keeps each, and ends each as the test says.</summary>
internal sealed class RawServer : IDisposable
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"RequestId\":\"OK\"}";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _sync = new();
    private readonly List<string> _requests = [];

    public RawServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Written back to the requests from the second on; the first is answered as ECS does.</summary>
    public required string Writes { get; init; }

    /// <summary>How the connection goes on then.</summary>
    public required Ending Ends { get; init; }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_sync)
            {
                return [.. _requests];
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                while (await ReadAsync(socket) is { } request)
                {
                    if (Keep(request) == 1)
                    {
                        await socket.SendAsync(Encoding.ASCII.GetBytes(Ok), _stop.Token);
                        continue;
                    }

                    await socket.SendAsync(Encoding.ASCII.GetBytes(Writes), _stop.Token);
                    if (Ends == Ending.Reset)
                    {
                        socket.LingerState = new(enable: true, seconds: 0);
                    }
                    else if (Ends == Ending.Closed)
                    {
                        socket.Shutdown(SocketShutdown.Send);
                        await ReadAsync(socket);
                    }

                    if (Ends != Ending.Kept)
                    {
                        return;
                    }
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException)
            {
                // The client has gone first.
            }
        }
    }

    private int Keep(string request)
    {
        lock (_sync)
        {
            _requests.Add(request);
            return _requests.Count;
        }
    }

    /// <summary>Null where the client has closed.</summary>
    private async Task<string?> ReadAsync(Socket socket)
    {
        var request = new StringBuilder();
        var buffer = new byte[4096];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return null;
            }

            request.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return request.ToString();
    }
}

internal enum Ending
{
    Kept,

    /// <summary>FIN.</summary>
    Closed,

    /// <summary>RST.</summary>
    Reset,
}
