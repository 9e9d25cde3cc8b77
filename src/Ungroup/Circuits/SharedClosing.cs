using System.Text.Json.Serialization;

namespace Ungroup.Circuits;

/// <summary>What an instance tells the others that it has found closed, and closes when they say so.</summary>
internal interface ISharedClosings
{
    IEnumerable<SharedClosing> Closings { get; }

    /// <summary>Whether something has closed since the last time that the others should hear of soon.</summary>
    bool TakeNews();

    /// <summary>What another instance has closed; what is of another kind is left to the others.</summary>
    void Hear(SharedClosing said);
}

/// <summary>A circuit that is closed, or a quota that is used up, as the note has it.</summary>
/// <param name="Account">Whose.</param>
/// <param name="Until">Until when it is left alone.</param>
/// <param name="Reason">What an operator reads.</param>
/// <param name="By">Which instance says so.</param>
/// <param name="Api">Of which API; all where it is null, and so with the next two.</param>
/// <param name="Region">Where.</param>
/// <param name="Group">About which security group.</param>
/// <param name="Evidence">What has closed a circuit; null for a quota.</param>
internal sealed record SharedClosing(
    string Account,
    DateTimeOffset Until,
    string Reason,
    string By = "",
    string? Api = null,
    string? Region = null,
    string? Group = null,
    Evidence? Evidence = null)
{
    [JsonIgnore]
    public bool IsQuota => Evidence is null;

    [JsonIgnore]
    public CircuitKey Circuit => new(Account, Api, Region, Group);

    [JsonIgnore]
    public string Name => IsQuota ? $"{Account}/{Region}/{Api}" : Circuit.ToString();

    public bool IsOfSame(SharedClosing other) => Circuit == other.Circuit && IsQuota == other.IsQuota;

    public static SharedClosing Of(ClosedCircuit closed) => new(closed.Key.Account, closed.Until, closed.Reason)
    {
        Api = closed.Key.Action,
        Region = closed.Key.RegionId,
        Group = closed.Key.Group,
        Evidence = closed.Evidence,
    };
}
