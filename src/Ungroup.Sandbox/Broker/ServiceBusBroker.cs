using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amqp;
using Amqp.Listener;
using Ungroup.Sandbox.Broker.Journal;
using Ungroup.Sandbox.Broker.Management;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire;
using Ungroup.Sandbox.Broker.Wire.Sockets;

namespace Ungroup.Sandbox.Broker;

/// <summary>
/// A broker that speaks the Service Bus dialect of AMQP 1.0, in this process and for local use: queues, topics, locks,
/// dead letters, schedules. The official SDKs connect to it with <see cref="ConnectionString"/>.
/// </summary>
public sealed class ServiceBusBroker : IAsyncDisposable
{
    private static readonly TimeSpan GoodbyeTime = TimeSpan.FromSeconds(2);

    private readonly Entities _entities;
    private readonly SqliteJournal? _journal;
    private readonly SocketListener _listener;
    private readonly ConnectionListener _connections;
    private readonly ManagementServer _management;

    private ServiceBusBroker(BrokerOptions options, string key, SqliteJournal? journal, SocketListener listener)
    {
        _journal = journal;
        _listener = listener;
        _entities = new(options, journal);
        var access = new SharedAccessKey(options.KeyName, key, options.Clock);
        _management = new(new(_entities, access, options.Clock.GetUtcNow()));
        var container = new BrokerContainer(_entities, access, options, listener);
        _connections = new(new Address($"amqp://127.0.0.1:{listener.Port}"), container) { HandlerFactory = _ => new ProtocolEvents() };
        _connections.AMQP.MaxFrameSize = 64 * 1024;
        _connections.AMQP.IdleTimeout = 240_000; // announced as half of it, the two minutes of the real service
        ConnectionString = $"Endpoint=sb://{HostOf(options.Address)}:{Port};SharedAccessKeyName={options.KeyName};SharedAccessKey={key};UseDevelopmentEmulator=true;";
        Completion = WatchAsync();
    }

    /// <summary>The port really bound.</summary>
    public int Port => _listener.Port;

    /// <summary>An SDK connects with this: without TLS, therefore as to a development emulator.</summary>
    public string ConnectionString { get; }

    /// <summary>
    /// Faults when the journal cannot be written. The broker then hangs up on everybody: what was not committed was not
    /// acknowledged, exactly as after a crash.
    /// </summary>
    public Task Completion { get; }

    public static Task<ServiceBusBroker> StartAsync(BrokerOptions options, CancellationToken ct = default)
    {
        if (options.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(options));
        }

        return Task.Run(() => Start(options), ct); // reading a long journal is not for the caller's thread
    }

    /// <summary>Of queues by their names, of subscriptions by <c>TOPIC/Subscriptions/NAME</c>.</summary>
    public IReadOnlyList<QueueCounts> Counts() => [.. _entities.Received.Select(queue => queue.Counts)];

    public async ValueTask DisposeAsync()
    {
        await _management.DisposeAsync();
        await _listener.CloseConnectionsAsync(GoodbyeTime);
        PeerGone.Ignore(_connections.Close);
        foreach (var loop in _entities.Loops)
        {
            await loop.DisposeAsync();
        }

        _journal?.Dispose();
    }

    private static ServiceBusBroker Start(BrokerOptions options)
    {
        var key = options.Key ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var journal = OpenJournal(options.JournalPath);
        try
        {
            var listener = new SocketListener(options, new(options.KeyName, key, options.Clock));
            var broker = new ServiceBusBroker(options, key, journal, listener);
            broker._connections.Open();
            listener.Start(broker._management.ServeAsync);
            return broker;
        }
        catch
        {
            journal?.Dispose();
            throw;
        }
    }

    private static SqliteJournal? OpenJournal(string? path)
    {
        if (path is null)
        {
            return null;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        return SqliteJournal.Open(path);
    }

    private static string HostOf(IPAddress address)
    {
        var reachable = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return reachable.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{reachable}]" : reachable.ToString();
    }

    private async Task WatchAsync()
    {
        await foreach (var ended in Task.WhenEach(_entities.Loops.Select(loop => loop.Completion)))
        {
            if (ended.IsFaulted)
            {
                await _listener.CloseConnectionsAsync(TimeSpan.Zero);
                await ended;
            }
        }
    }
}
