using System.Runtime.InteropServices;
using Ungroup.Messages;

namespace Ungroup.Pace;

/// <summary>A call that wants to be made: which quota it uses, and on whose behalf.</summary>
/// <param name="Account">The name of a configured account.</param>
/// <param name="RegionId">Where.</param>
/// <param name="Action">Which API.</param>
/// <param name="Origin">Incidents go first and may use the reserve; clean-ups yield.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PacedCall(
    string Account, string RegionId, string Action, Origin Origin = Origin.Upstream)
{
    public QuotaKey Quota => new(Account, RegionId, Action);
}
