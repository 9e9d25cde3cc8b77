using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Workers;

/// <summary>Keeps a lock as the AMQP worker's HeldLock does, by a clock that may be wrong.</summary>
internal sealed class LockKeeper(World world, WorkerProcess worker, Receipt receipt)
{
    private const double RenewAfter = 0.6;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(18);
    private static readonly TimeSpan AtLeast = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private DateTimeOffset _until = receipt.LockedUntil;

    private DateTimeOffset Now => worker.Clock.GetUtcNow();

    public async Task<bool> IsHeldAsync()
    {
        if (_until <= Now)
        {
            await RenewAsync(Patience);
        }

        return _until > Now;
    }

    public async Task<bool> KeepWhileAsync(Task work, CancellationTokenSource lost)
    {
        while (!work.IsCompleted)
        {
            var left = _until - Now;
            if (left <= TimeSpan.Zero)
            {
                world.History.Add(worker.Process.Name, new Happening.Note($"knows that the lock on {receipt} is lost"));
                lost.Cancel();
                break;
            }

            await work.WaitAsync(UntilRenewal(left), worker.Clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!work.IsCompleted && _until - Now is var stillLeft && stillLeft > TimeSpan.Zero)
            {
                await RenewAsync(stillLeft);
            }
        }

        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _until > Now;
    }

    private static TimeSpan UntilRenewal(TimeSpan left) => (left * RenewAfter) switch
    {
        var due when due > LongestWait => LongestWait,
        var due when due > ShortestWait => due,
        _ => left,
    };

    private async Task RenewAsync(TimeSpan patience)
    {
        using var time = new CancellationTokenSource(patience, worker.Clock);
        try
        {
            var renewed = await world.Wire.CallAsync(worker.Process, world.Trips.Renewal(), () => world.Broker.Renew(receipt), time.Token);
            _until = renewed is null ? DateTimeOffset.MinValue : renewed > Now ? renewed.Value : Now + AtLeast;
        }
        catch (Exception problem) when (problem is TimeoutException or OperationCanceledException)
        {
            // There is another try before it is lost.
        }
    }
}
