using Ungroup.Cli.Worker;
using Ungroup.Messages;

namespace Ungroup.Cli.Replay;

/// <summary>An outcome as a replay looks at it: whether more of the same should follow.</summary>
internal sealed record KnownOutcome(bool IsGood, string Text)
{
    public static KnownOutcome Of(ToldOutcome told) => new(
        told.Status is nameof(OutcomeStatus.Removed) or nameof(OutcomeStatus.AlreadyAbsent) or nameof(OutcomeStatus.Planned),
        told.Code is null ? $"{told.Status}: {told.Sentence}" : $"{told.Status} {told.Code}: {told.Sentence}");
}
