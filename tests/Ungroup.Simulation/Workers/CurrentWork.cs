using Ungroup.Ledger;
using Ungroup.Simulation.Story;

namespace Ungroup.Simulation.Workers;

/// <summary>Which delivery the running code works on: it flows with what is awaited, so that a call knows on whose behalf it is made.</summary>
internal sealed class CurrentWork(Receipt? receipt, CancellationToken lost)
{
    private static readonly AsyncLocal<CurrentWork?> Flowing = new();

    /// <summary>Null for the sweep.</summary>
    public Receipt? Receipt => receipt;

    /// <summary>The request that is worked on: the message's, or the one that the sweep has taken over last.</summary>
    public LedgerKey? Key { get; set; } = receipt?.Letter.Key;

    public CancellationToken Lost => lost;

    /// <summary>When the next call was let through by the gates, as far as one sees it from outside: it is written down before it is made.</summary>
    public (DateTimeOffset At, DateTimeOffset WorkerTime)? PassedAt { get; set; }

    public static CurrentWork? Of
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    public (DateTimeOffset At, DateTimeOffset WorkerTime)? TakePassedAt()
    {
        var passedAt = PassedAt;
        PassedAt = null;
        return passedAt;
    }
}
