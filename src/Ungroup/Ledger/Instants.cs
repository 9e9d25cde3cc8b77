namespace Ungroup.Ledger;

/// <summary>Sums of instants a sender names and times of ours. The last of all instants is a valid <c>notBefore</c>.</summary>
internal static class Instants
{
    public static DateTimeOffset Plus(DateTimeOffset at, TimeSpan time) =>
        DateTimeOffset.MaxValue - at < time ? DateTimeOffset.MaxValue : at + time;
}
