using Amqp;
using Amqp.Sasl;

namespace Ungroup.Cli.Amqp;

/// <summary>One connection with one session. It does not come back by itself: who holds it watches <see cref="Lost"/>.</summary>
internal sealed class BusConnection : IAsyncDisposable
{
    /// <summary>How long the broker may take over anything it has to answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Connection _connection;
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BusConnection(Connection connection)
    {
        _connection = connection;
        Session = new Session(connection);
        Watch(connection);
        Watch(Session);
    }

    public Session Session { get; }

    /// <summary>Ends, with a reason, when the connection, its session or a watched link has closed.</summary>
    public Task<string> Lost => _lost.Task;

    public static async Task<BusConnection> OpenAsync(BusAddress address, TimeProvider clock, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory([new BusTransports(clock, cancellationToken)]);

        // A broker may take a link of the same name and container for the old one coming back.
        factory.AMQP.ContainerId = $"ungroup-{Guid.NewGuid():N}";
        factory.AMQP.IdleTimeout = 60_000;
        factory.SASL.Profile = SaslProfile.Anonymous;

        var opening = factory.CreateAsync(address.ToAmqp(), cancellationToken);
        try
        {
            return new(await opening.WaitAsync(Patience, clock, cancellationToken));
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // The library cannot be stopped while it talks SASL; should it succeed after all, nobody wants the connection.
            _ = opening.ContinueWith(late => late.Result.Close(TimeSpan.Zero), CancellationToken.None,
                TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    public void Watch(AmqpObject part) =>
        part.AddClosedCallback((_, error) => _lost.TrySetResult(BusFailure.Say(error?.Condition, error?.Description)));

    /// <summary>
    /// Closes and waits for the answer. The broker has then read everything sent before, settlements included: they go
    /// over the same socket in order.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.CloseAsync(Patience);
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            // It was gone already, which whoever watched Lost has said.
        }
    }
}
