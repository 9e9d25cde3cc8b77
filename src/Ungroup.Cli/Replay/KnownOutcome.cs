using Ungroup.Cli.Worker;
using Ungroup.Messages;

namespace Ungroup.Cli.Replay;

/// <summary>An outcome for a replay: good ones let more letters follow.</summary>
internal sealed record KnownOutcome(bool IsGood, string Text)
{
    public static KnownOutcome Of(OutcomeFacts told) => new(
        told.Status is nameof(OutcomeStatus.Removed) or nameof(OutcomeStatus.AlreadyAbsent) or nameof(OutcomeStatus.Planned)
            or nameof(OutcomeStatus.Contained) or nameof(OutcomeStatus.Restored),
        told.Code is null ? $"{told.Status}: {told.Sentence}" : $"{told.Status} {told.Code}: {told.Sentence}");
}
