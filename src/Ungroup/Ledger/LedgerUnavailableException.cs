namespace Ungroup.Ledger;

/// <summary>The store did not take what was asked of it. Nothing may be called without a record, so the message mostly has to wait.</summary>
public sealed class LedgerUnavailableException : Exception
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

    public LedgerUnavailableException(string message, LedgerTrouble trouble, Exception? innerException = null)
        : base(message, innerException) => Trouble = trouble;

    public LedgerTrouble Trouble { get; }
}

/// <summary>Whether waiting helps.</summary>
public enum LedgerTrouble
{
    /// <summary>It does: the store comes back, or somebody mends it.</summary>
    Away,

    /// <summary>The store answered, and will never take this record.</summary>
    Refused,

    /// <summary>What was written is gone: the file or the table was deleted or replaced. To go on is to know nothing of what was done before.</summary>
    Gone,
}
