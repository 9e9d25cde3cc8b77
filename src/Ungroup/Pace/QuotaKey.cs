using System.Runtime.InteropServices;

namespace Ungroup.Pace;

/// <summary>One quota: ECS counts the calls of an account, region and API.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotaKey(string Account, string RegionId, string Action)
{
    public override string ToString() => $"{Account}/{RegionId}/{Action}";
}
