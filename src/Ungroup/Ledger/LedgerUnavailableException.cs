namespace Ungroup.Ledger;

/// <summary>The store did not take a read or a write. Nothing may be called without a record, so the message mostly has to wait.</summary>
#pragma warning disable CA1032 // Without a sentence it would say nothing.
public sealed class LedgerUnavailableException : Exception
#pragma warning restore CA1032
{
    internal LedgerUnavailableException(string message, Exception? innerException = null)
        : this(message, LedgerTrouble.Away, innerException)
    {
    }

    internal LedgerUnavailableException(string message, LedgerTrouble trouble, Exception? innerException = null)
        : base(message, innerException) => Trouble = trouble;

    /// <summary>Whether waiting helps.</summary>
    public LedgerTrouble Trouble { get; }
}

/// <summary>Whether waiting for a ledger helps.</summary>
public enum LedgerTrouble
{
    /// <summary>Waiting helps: the store comes back, or an operator mends it.</summary>
    Away,

    /// <summary>The store answered, and will never take this record.</summary>
    Refused,

    /// <summary>The file or the table was deleted or replaced, and with it what was done before. A host should end.</summary>
    Gone,
}
