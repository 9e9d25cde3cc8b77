namespace Ungroup.Ledger;

/// <summary>What was written is gone: the file or the table was deleted or replaced. Whoever goes on knows nothing of what was done before.</summary>
public sealed class LedgerGoneException : LedgerUnavailableException
{
    public LedgerGoneException()
    {
    }

    public LedgerGoneException(string message)
        : base(message)
    {
    }

    public LedgerGoneException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
