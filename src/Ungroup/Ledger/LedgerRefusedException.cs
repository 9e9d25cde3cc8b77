namespace Ungroup.Ledger;

/// <summary>The store answered, and will never take this record: asking again is no use.</summary>
public sealed class LedgerRefusedException : LedgerUnavailableException
{
    public LedgerRefusedException()
    {
    }

    public LedgerRefusedException(string message)
        : base(message)
    {
    }

    public LedgerRefusedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
