using Ungroup.Ledger;

namespace Ungroup.Outcomes;

/// <summary>Publishes what was decided and never published, also where the message is long gone. A host runs it by a timer.</summary>
public sealed class Sweep
{
    private const int BatchSize = 100;

    // Younger ones are most likely in the hands of the delivery that decided them.
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    private readonly RemovalLedger _ledger;
    private readonly OutcomePublisher _publisher;

    internal Sweep(RemovalLedger ledger, OutcomePublisher publisher)
    {
        _ledger = ledger;
        _publisher = publisher;
    }

    /// <summary>Returns how many outcomes were published. Stops at the first that the bus does not take.</summary>
    public async Task<int> PublishPendingAsync(CancellationToken cancellationToken)
    {
        var published = 0;
        while (true)
        {
            var pending = await _ledger.ReadPendingAsync(Age, BatchSize, cancellationToken);
            foreach (var stored in pending)
            {
                if (!await _publisher.PublishAsync(stored, stored.Record.Outcome!, cancellationToken))
                {
                    return published;
                }

                published++;
            }

            if (pending.Count < BatchSize)
            {
                return published;
            }
        }
    }

    /// <summary>Deletes records whose time is over; returns how many.</summary>
    public Task<int> ForgetOldAsync(CancellationToken cancellationToken) => _ledger.ForgetAsync(cancellationToken);
}
