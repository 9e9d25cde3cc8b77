using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Ungroup.EndToEnd.Tests.Amqp;

/// <summary>A broker that lets anybody receive and never answers who wants to send.</summary>
internal sealed class SilentBroker : ILinkProcessor, IDisposable
{
    private readonly ContainerHost _host;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SilentBroker()
    {
        var port = FreePort();
        Address = new("127.0.0.1", port, Tls: false, User: null, Key: null);
        _host = new ContainerHost(new Address("127.0.0.1", port, user: null, password: null, path: "/", scheme: "amqp"));
        _host.Listeners[0].SASL.EnableAnonymousMechanism = true;
        _host.RegisterLinkProcessor(this);
        _host.Open();
    }

    public Cli.Amqp.BusAddress Address { get; }

    /// <summary>Ends when somebody wants to send.</summary>
    public Task Asked => _asked.Task;

    public void Process(AttachContext attachContext)
    {
        if (attachContext.Attach.Role)
        {
            attachContext.Complete(new Idle(), initialCredit: 0);
        }
        else
        {
            _asked.TrySetResult();
        }
    }

    public void Dispose() => _host.Close();

    private static int FreePort()
    {
        using var any = new TcpListener(IPAddress.Loopback, 0);
        any.Start();
        return ((IPEndPoint)any.LocalEndpoint).Port;
    }

    private sealed class Idle : LinkEndpoint
    {
        public override void OnFlow(FlowContext flowContext)
        {
            // Somebody may receive, and nothing comes.
        }

        public override void OnDisposition(DispositionContext dispositionContext)
        {
            // Nothing was sent.
        }
    }
}
