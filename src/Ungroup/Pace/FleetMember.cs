namespace Ungroup.Pace;

/// <summary>What another instance has said of one quota. Instants are ours.</summary>
/// <param name="Slot">Its place among the instances; orders them.</param>
/// <param name="At">When it said so.</param>
/// <param name="Wants">Whether it has had work for this quota lately.</param>
/// <param name="MinuteStart">The minute it was in.</param>
/// <param name="Passed">Its calls that this minute had taken until <paramref name="At"/>.</param>
/// <param name="PassedBefore">Its calls that the minute before had taken.</param>
/// <param name="TouchedBefore">Whether it found the edge in the minute before.</param>
internal sealed record FleetMember(
    int Slot, DateTimeOffset At, bool Wants, DateTimeOffset MinuteStart, int Passed, int PassedBefore, bool TouchedBefore)
{
    /// <summary>One that has more to say than fits into its note: it has work for this quota, for all that is known, and uses its part.</summary>
    public static FleetMember WithoutLine(int slot) => new(slot, default, Wants: true, default, 0, 0, TouchedBefore: false);

    /// <summary>Whether it looks for the edge when that falls to it. Who may not use this quota at all is not relied on.</summary>
    public bool Looks => Wants && At != default;
}

/// <summary>The other instances that use a quota, and our place among them.</summary>
internal sealed record FleetView(int Slot, IReadOnlyList<FleetMember> Others)
{
    public static readonly FleetView Alone = new(0, []);

    /// <summary>Whether others may have had no time yet to write since the store was away.</summary>
    public bool StoreWasAway { get; init; }

    /// <summary>Who shares the quota now: those who have work, and this instance.</summary>
    public int Sharing { get; } = 1 + Others.Count(member => member.Wants);

    /// <summary>Who takes turns in looking for the edge: this instance, and the others of whom it is known that they use the quota.</summary>
    public int Looking { get; } = 1 + Others.Count(member => member.Looks);

    /// <summary>How many of those come before this instance.</summary>
    public int Rank { get; } = Others.Count(member => member.Looks && member.Slot < Slot);
}
