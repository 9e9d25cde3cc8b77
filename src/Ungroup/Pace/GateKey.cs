using System.Runtime.InteropServices;

namespace Ungroup.Pace;

/// <summary>What a gate closes: the calls of an account, all of them, or those in one region, of one API, or both.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GateKey(string Account, string? RegionId = null, string? Action = null)
{
    /// <summary>A gate for a quota opens by the clock of ECS. The others open when somebody has mended something.</summary>
    public bool IsQuota => RegionId is not null && Action is not null;

    public override string ToString() => (RegionId, Action) switch
    {
        (null, null) => $"account {Account}",
        (null, _) => $"{Action} of account {Account}",
        (_, null) => $"{RegionId} of account {Account}",
        _ => $"{Account}/{RegionId}/{Action}",
    };
}
