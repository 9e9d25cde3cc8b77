using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Microsoft.Extensions.Logging;
using Ungroup.Outcomes;

namespace Ungroup.Cli.Amqp;

/// <summary>
/// Sends outcome events, any number at once over one link. A lost connection is opened again by the next event; between
/// attempts events fail at once and stay pending in the ledger, where the sweep finds them.
/// </summary>
internal sealed partial class AmqpOutcomeBus(BusAddress address, string queue, Redial redial, TimeProvider clock, ILogger<AmqpOutcomeBus> logger)
    : IOutcomeBus, IAsyncDisposable
{
    private readonly SemaphoreSlim _dialling = new(1);
    private SendingConnection? _open;
    private string? _said;
    private DateTimeOffset _notBefore;

    public async Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken)
    {
        var sender = await SenderAsync(cancellationToken);
        try
        {
            await sender.SendAsync(OutgoingMessage.Outcome(outcome), cancellationToken, AtMost(outcome));
        }
        catch (AmqpException error) when (error.Error?.Condition is { } condition && condition.Equals((Symbol)ErrorCode.MessageSizeExceeded))
        {
            throw new OutcomeTooLargeException(BusFailure.Say(error), error);
        }
    }

    /// <summary>Tries until it is connected; outcomes nobody can publish are no reason to begin.</summary>
    public async Task ConnectAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await SenderAsync(stop);
                return;
            }
            catch (Exception exception) when (BusFailure.Is(exception))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } open)
        {
            await open.DisposeAsync();
        }

        _dialling.Dispose();
    }

    // What goes beside an event is in it, too; the rest of a message is a few hundred bytes.
    private static int AtMost(OutcomeEvent outcome) => (2 * outcome.Json.Length) + 4096;

    private async Task<SendingConnection> SenderAsync(CancellationToken cancellationToken)
    {
        if (_open is { IsLost: false } open)
        {
            return open;
        }

        await _dialling.WaitAsync(cancellationToken);
        try
        {
            return _open is { IsLost: false } opened ? opened
                : clock.GetUtcNow() < _notBefore ? throw new IOException($"{queue} cannot be reached: {_said}")
                : await OpenAsync(cancellationToken);
        }
        finally
        {
            _dialling.Release();
        }
    }

    private async Task<SendingConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_open is { } lost)
            {
                await lost.DisposeAsync();
            }

            _open = await SendingConnection.OpenAsync(address, queue, clock, cancellationToken, GoOn.WhereTheAnswerWasRead);
            redial.Reset();
            _said = null;
            LogAttached(queue, address);
            return _open;
        }
        catch (Exception exception) when (BusFailure.Is(exception))
        {
            var reason = BusFailure.Say(exception);
            if (reason != _said)
            {
                LogUnreachable(queue, address, reason);
            }

            (_said, _notBefore) = (reason, clock.GetUtcNow() + redial.Next());
            throw;
        }
    }

    [LoggerMessage(602, LogLevel.Information, "{Queue}: attached to {Bus}, for outcomes")]
    private partial void LogAttached(string queue, BusAddress bus);

    [LoggerMessage(603, LogLevel.Warning, "{Queue}: {Bus} cannot be used for outcomes, trying again: {Reason}")]
    private partial void LogUnreachable(string queue, BusAddress bus, string reason);
}
