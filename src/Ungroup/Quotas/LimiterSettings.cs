using Ungroup.Time;

namespace Ungroup.Quotas;

/// <summary>What all limiters of an instance have in common.</summary>
/// <param name="Me">The instance.</param>
/// <param name="Options">Section <c>Pace</c>.</param>
/// <param name="Chance">0 to 1.</param>
/// <param name="Clock">Its time, which nobody sets.</param>
internal sealed record LimiterSettings(string Me, PaceOptions Options, Func<double> Chance, SteadyClock Clock);
