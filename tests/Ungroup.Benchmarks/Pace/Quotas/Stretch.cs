using System.Runtime.InteropServices;

namespace Ungroup.Benchmarks.Pace.Quotas;

/// <summary>From a time up to another.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Stretch(DateTimeOffset From, DateTimeOffset To)
{
    public TimeSpan Length => To > From ? To - From : TimeSpan.Zero;

    public bool Holds(DateTimeOffset time) => From <= time && time < To;

    /// <summary>How much of the others lies in this one.</summary>
    public TimeSpan Overlap(IEnumerable<Stretch> others)
    {
        var sum = TimeSpan.Zero;
        foreach (var other in others)
        {
            sum += new Stretch(other.From > From ? other.From : From, other.To < To ? other.To : To).Length;
        }

        return sum;
    }
}
