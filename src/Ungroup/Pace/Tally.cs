namespace Ungroup.Pace;

/// <summary>The calls of one instance that a quota has taken: in this minute, in the one before, and since the start.</summary>
internal sealed class Tally
{
    public DateTimeOffset MinuteStart { get; private set; }

    public int Passed { get; private set; }

    public int PassedBefore { get; private set; }

    public long Total { get; private set; }

    /// <summary>A call was refused in this minute where that was to be expected: the edge was touched.</summary>
    public bool Touched { get; set; }

    public bool TouchedBefore { get; private set; }

    /// <summary>A call counts in the minute in which it was sent.</summary>
    public void Pass(DateTimeOffset sentAt)
    {
        Total++;
        if (sentAt >= MinuteStart)
        {
            Passed++;
        }
        else
        {
            PassedBefore++;
        }
    }

    /// <param name="start">When the new minute began.</param>
    /// <param name="isNext">Whether it follows the last one; after a pause nothing is known of the one before.</param>
    public void Turn(DateTimeOffset start, bool isNext)
    {
        (PassedBefore, TouchedBefore) = isNext ? (Passed, Touched) : (0, false);
        (MinuteStart, Passed, Touched) = (start, 0, false);
    }

    /// <param name="start">When the minute turned out to begin.</param>
    /// <param name="before">What had passed of it until it was refused, and so before it began.</param>
    public void Shift(DateTimeOffset start, int before) => (MinuteStart, Passed) = (start, Math.Max(0, Passed - before));
}
