namespace Ungroup.Pace;

/// <summary>Whether a quota comes back by the minute or bit by bit, as its refusals and what follows them show.</summary>
internal sealed partial class Governor
{
    private const int Canaries = 2;

    // A gateway that says to come back later than this counts minutes; one that says sooner, while the minute has longer to go, does not.
    private static readonly TimeSpan LongHint = TimeSpan.FromSeconds(2);

    // Long enough for a bucket to hold a call again, short enough to be in the same minute.
    private static readonly TimeSpan Canary = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan NoBucket = TimeSpan.FromSeconds(12);

    private DateTimeOffset _refusedSince;
    private DateTimeOffset? _canary;
    private bool _doubtsShape;

    private void TellShape(TimeSpan? hint, DateTimeOffset now)
    {
        var left = _turn + Minute - now;
        if (_doubtsShape && _refusalsInARow == 1 && left > 2 * Canary)
        {
            // Calls pass again, and there is time to see whether one passes soon after a refusal, too.
            (_quota, _doubtsShape) = (_quota with { Shape = QuotaShape.Unknown }, false);
        }

        if (hint > LongHint)
        {
            (_quota, _doubtsShape) = (_quota with { Shape = QuotaShape.Window }, false);
            if (hint <= Minute)
            {
                _seeksTurn = false;
                TurnAt(now + hint.Value - Minute);
            }
        }
        else if (hint is not null && left > LongHint + AfterAlarm && _quota.Shape == QuotaShape.Unknown)
        {
            BecomeBucket(now);
        }
        else if (_canary is not null && _refusalsInARow > Canaries && _quota.Shape == QuotaShape.Unknown)
        {
            (_quota, _canary, _doubtsShape) = (_quota with { Shape = QuotaShape.Window }, null, _refusalsInARow > Canaries + 1);
        }
        else if (_quota.Shape == QuotaShape.Bucket && _refusalsInARow > 4 && now - _refusedSince >= NoBucket)
        {
            // Refusals that do not stop, though all instances must have heard of them: it was a minute all along, or others take
            // all there is. Once they have stopped the next refusal tells.
            (_quota, _doubtsShape) = (_quota with { Shape = QuotaShape.Window }, true);
        }
    }
}
