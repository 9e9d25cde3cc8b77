using System.Runtime.InteropServices;

namespace Ungroup.Quotas.Windows;

/// <summary>What ECS counts together: the calls of one API by one account in one region.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuotaKey(string Account, string RegionId, string Action)
{
    public override string ToString() => $"{Account}/{RegionId}/{Action}";
}
