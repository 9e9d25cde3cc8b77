using System.Diagnostics;
using Ungroup.Messages;
using Ungroup.Simulation.Plan;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Workers;

/// <summary>Hosts one delivery as the AMQP worker does: keeps the lock, has it handled, settles it.</summary>
internal sealed class DeliveryHost(World world, WorkerProcess worker, Func<Delivery, bool, CancellationToken, Task<Settlement>> handleAsync)
{
    public async Task RunAsync(Receipt receipt)
    {
        var delivery = Believed(PostponedCopy.Restore(receipt.Delivery));
        if (world.Defect == Defect.LocksHidden)
        {
            delivery = delivery with { LockedUntil = null };
        }

        var held = new LockKeeper(world, worker, receipt);
        if (!await held.IsHeldAsync())
        {
            Note($"leaves {receipt} to the broker: its lock was over on arrival");
            return;
        }

        using var lost = CancellationTokenSource.CreateLinkedTokenSource(worker.Stop);
        CurrentWork.Of = new(receipt, lost.Token);
        try
        {
            if (world.Defect == Defect.CompletesBeforeRecording)
            {
                Complete(receipt);
            }

            var work = handleAsync(delivery, receipt.Letter.Drives is not null, world.Defect == Defect.LockLossIgnored ? CancellationToken.None : lost.Token);
            var isHeld = await held.KeepWhileAsync(work, lost);
            var settlement = await work;
            world.History.Add(worker.Process.Name, new Happening.Said(receipt, settlement) { WorkerTime = worker.Clock.GetUtcNow() });
            if (isHeld)
            {
                await SettleAsync(receipt, delivery, settlement);
            }
        }
        catch (OperationCanceledException) when (worker.Stop.IsCancellationRequested)
        {
            Send(() => world.Broker.Release(receipt, onDrain: true));
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            Note($"stops work on {receipt}");
        }
        catch (TimeoutException failure)
        {
            Note($"does not settle {receipt}: {failure.Message}");
        }
        catch (Exception defect)
        {
            world.History.Add(worker.Process.Name, new Happening.Threw(receipt, defect));
        }
    }

    private async Task SettleAsync(Receipt receipt, Delivery delivery, Settlement settlement)
    {
        switch (settlement)
        {
            case Settlement.Complete:
                Complete(receipt);
                break;
            case Settlement.DeadLetter letter:
                Send(() => world.Broker.DeadLetter(receipt, letter.Reason));
                break;
            case Settlement.Postpone when world.Defect == Defect.AbandonsInsteadOfPostponing:
                Send(() => world.Broker.Release(receipt, onDrain: false));
                break;
            case Settlement.Postpone postpone:
                if (world.Defect == Defect.CompletesBeforeCopying)
                {
                    Complete(receipt);
                }

                var copy = PostponedCopy.Of(delivery, postpone);
                await world.Wire.CallAsync(worker.Process, world.Trips.Copy(), () => world.Broker.TakeCopy(receipt, copy));
                Complete(receipt);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void Complete(Receipt receipt) => Send(() => world.Broker.Complete(receipt));

    /// <summary>Settlements are sent and not answered: this one may never arrive, and nobody hears of it.</summary>
    private void Send(Action settle)
    {
        if (worker.Process.IsAlive && !world.Faults.Hits(Incident.CompletionLost))
        {
            world.Schedule.After(world.Chance.Milliseconds(1, 20), settle);
        }
    }

    private Delivery Believed(Delivery delivery) =>
        world.Defect == Defect.PropertiesAreBelieved && delivery.Properties.GetValueOrDefault("ungroup-first-enqueued") is string first
            ? delivery with { EnqueuedAt = DateTimeOffset.Parse(first, System.Globalization.CultureInfo.InvariantCulture) }
            : delivery;

    private void Note(string text) => world.History.Add(worker.Process.Name, new Happening.Note(text));
}
