namespace Ungroup.Ledger;

/// <summary>The store did not answer. Nothing may be called without a record, so the message has to wait.</summary>
public class LedgerUnavailableException : Exception
{
    public LedgerUnavailableException()
    {
    }

    public LedgerUnavailableException(string message)
        : base(message)
    {
    }

    public LedgerUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
