using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>
/// Writes down, before a request's message is sent, by which door the request came, where that decides what becomes of it. What a
/// message says of that could be anybody's word.
/// </summary>
public sealed class Announcements
{
    private readonly RemovalLedger _ledger;

    internal Announcements(RemovalLedger ledger) => _ledger = ledger;

    /// <summary>Returns once that is durable, or where nothing has to be written down.</summary>
    /// <param name="item">What is about to be sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer: send nothing.</exception>
    public Task AnnounceAsync(IntakeItem.Accepted item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Door == RequestDoor.Restores
            ? _ledger.AnnounceAsync(item.Request, item.Door, item.MessageId, cancellationToken)
            : Task.CompletedTask;
    }
}
