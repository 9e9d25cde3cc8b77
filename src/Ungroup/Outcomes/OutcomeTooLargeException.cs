namespace Ungroup.Outcomes;

/// <summary>
/// The broker takes no event of this size, now or later. An <see cref="IOutcomeBus"/> says so, and the event is sent again
/// without its evidence.
/// </summary>
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
