using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>
/// Writes requests down that came over HTTP. Before a request's message is sent, by which door it came, where that decides what becomes
/// of it: what a message says of that could be anybody's word. And once the queue has the message, that it is there.
/// </summary>
public sealed class Announcements
{
    private readonly RemovalLedger _ledger;

    internal Announcements(RemovalLedger ledger) => _ledger = ledger;

    /// <summary>Returns once that is durable, or where nothing has to be written down.</summary>
    /// <param name="item">Is about to be sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer: send nothing.</exception>
    public Task AnnounceAsync(IntakeItem.Accepted item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Door == RequestDoor.Restores
            ? _ledger.AnnounceAsync(item.Request, item.Door, item.MessageId, cancellationToken)
            : Task.CompletedTask;
    }

    /// <summary>Writes down that the queue has a request, so that whoever asks for its status next finds it. Returns once that is durable.</summary>
    /// <param name="item">Was sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer: the request is done all the same, and found once somebody has taken it up.</exception>
    public Task QueuedAsync(IntakeItem.Accepted item, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(item);
        return item.Door == RequestDoor.Restores
            ? Task.CompletedTask
            : _ledger.AnnounceAsync(item.Request, item.Door, item.MessageId, cancellationToken);
    }
}
