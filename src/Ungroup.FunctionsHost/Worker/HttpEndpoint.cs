using System.Net.Sockets;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>A worker process's own HTTP address. It says where before it listens there, so that has to be waited for.</summary>
internal sealed class HttpEndpoint(Uri address, TimeProvider clock)
{
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private readonly Lock _gate = new();
    private Task<Uri>? _listening;

    public Task<Uri> ListeningAsync(Task closed)
    {
        lock (_gate)
        {
            return _listening ??= ConnectAsync(closed);
        }
    }

    private async Task<Uri> ConnectAsync(Task closed)
    {
        while (!closed.IsCompleted)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(address.Host, address.Port);
                return address;
            }
            catch (SocketException)
            {
                await Task.Delay(Glance, clock);
            }
        }

        throw new WorkerGoneException();
    }
}
