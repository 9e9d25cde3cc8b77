using CsCheck;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

/// <summary>Estimates, shares and views as they may come about, for tests of the pure functions.</summary>
internal static class SomeQuota
{
    public static readonly QuotaKey Key = new("default", "cn-hangzhou", "LeaveSecurityGroup");

    /// <summary>A window starts here.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 0, TimeSpan.Zero);

    public static readonly WindowStart Found = new(Start, TimeSpan.FromSeconds(0.3), StartBasis.Found, "b", 1);

    public static Gen<TimeSpan> Seconds(double from, double to) => Gen.Double[from, to].Select(seconds => TimeSpan.FromMilliseconds(Math.Round(seconds * 1000)));

    public static Gen<QuotaLimit> Limits { get; } = Gen.Select(
        Gen.Int[10, 5_000], Gen.Enum<LimitBasis>(), Gen.Int[0, 3], Gen.Int[0, 3],
        (calls, basis, version, window) => new QuotaLimit(basis == LimitBasis.Unknown ? 0 : calls, basis, version, Start.AddMinutes(window)));

    public static Gen<WindowStart> Starts { get; } = Gen.Select(
        Seconds(0, 120), Seconds(0.1, 4), Gen.Bool, Gen.Int[0, 2].Select(Id), Gen.Int[0, 3],
        (latest, error, isFound, by, version) =>
            isFound ? new WindowStart(Start + latest, error, StartBasis.Found, by, version) : new(Start + latest, TimeSpan.Zero, StartBasis.Sought, by, version));

    public static Gen<QuotaEstimate> Estimates { get; } = Gen.Select(Limits, Starts, (limit, start) => new QuotaEstimate(limit, start));

    public static Gen<FleetShare> Shares { get; } = Gen.Select(Gen.Int[1, 9], Gen.Int[0, 8], (count, me) => ShareOf(count, me % count));

    public static FleetShare ShareOf(int count, int me) =>
        FleetShare.Of(Id(me), Enumerable.Range(0, count).Where(member => member != me).Select(Id));

    public static QuotaLimit Measured(int calls) => new(calls, LimitBasis.Measured, 1, default);

    /// <summary>An instance that has seen the window before this one from its start.</summary>
    public static QuotaView View(QuotaLimit limit, WindowStart start, DateTimeOffset now, FleetShare? share = null, int? told = null)
    {
        var current = start.WindowOf(now);
        return QuotaView.New(new(0.2, told), share ?? ShareOf(1, 0), new(limit, start), now - (2 * WindowStart.Length)) with
        {
            Current = WindowTally.Of(current, isWhole: true),
            Last = WindowTally.Of(current - WindowStart.Length, isWhole: true),
        };
    }

    private static string Id(int member) => ((char)('a' + member)).ToString();
}
