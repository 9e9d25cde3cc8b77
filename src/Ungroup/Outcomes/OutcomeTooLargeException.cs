namespace Ungroup.Outcomes;

/// <summary>The broker never takes an event of this size; it is sent again without its evidence.</summary>
public sealed class OutcomeTooLargeException : Exception
{
    public OutcomeTooLargeException()
    {
    }

    public OutcomeTooLargeException(string message)
        : base(message)
    {
    }

    public OutcomeTooLargeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
