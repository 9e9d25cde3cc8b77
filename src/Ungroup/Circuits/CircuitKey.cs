using System.Runtime.InteropServices;

namespace Ungroup.Circuits;

/// <summary>The calls that a circuit stops: those of an account, or those of one API, or of these those in one region or about one group.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CircuitKey(string Account, string? Action = null, string? RegionId = null, string? Group = null)
{
    /// <summary>A region and a group are any text that a message names; accounts and APIs are few.</summary>
    public bool IsNarrow => RegionId is not null || Group is not null;

    public override string ToString() => (Action, RegionId, Group) switch
    {
        (null, _, _) => $"account {Account}",
        (_, null, null) => $"{Action} of account {Account}",
        (_, _, null) => $"{Action} in {RegionId} of account {Account}",
        _ => $"{Action} for {Group} of account {Account}",
    };
}

/// <summary>A call that wants to be made, the group and the instance or interface of its request, and whether that is an incident.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CircuitCall(string Account, string RegionId, string Action, string Group, string Resource, bool IsIncident = false)
{
    public CircuitKey GroupKey => new(Account, Action, Group: Group);
    public CircuitKey RegionKey => new(Account, Action, RegionId);
    public CircuitKey ApiKey => new(Account, Action);
    public CircuitKey AccountKey => new(Account);

    /// <summary>A call passes the narrowest first, so that a wide circuit is tried by requests that no narrow one stops.</summary>
    public IEnumerable<CircuitKey> Keys => [GroupKey, RegionKey, ApiKey, AccountKey];
}
