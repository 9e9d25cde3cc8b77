namespace Ungroup.Outcomes;

/// <summary>The broker never takes an event of this size; it is sent again without its evidence.</summary>
#pragma warning disable CA1032 // Without a sentence it would say nothing.
public sealed class OutcomeTooLargeException(string message, Exception? innerException = null) : Exception(message, innerException);
#pragma warning restore CA1032
