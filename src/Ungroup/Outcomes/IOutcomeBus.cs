using Ungroup.Messages;

namespace Ungroup.Outcomes;

/// <summary>Where outcome events go. The hosts bring it.</summary>
public interface IOutcomeBus
{
    /// <summary>Returns once the broker has taken the event; throws where it has not, and the event is sent again later.</summary>
    /// <exception cref="OutcomeTooLargeException">The broker takes no message of this size; a smaller one is sent instead.</exception>
    Task PublishAsync(OutcomeEvent outcome, CancellationToken cancellationToken);
}
