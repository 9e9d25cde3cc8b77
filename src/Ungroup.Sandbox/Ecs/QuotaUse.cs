using System.Text.Json.Serialization;

namespace Ungroup.Sandbox.Ecs;

/// <summary>How much of a quota is used, and what has come of it since the start.</summary>
public sealed record QuotaUse(string Action, string Shape, int Calls, int PerSeconds)
{
    public string Account { get; init; } = "";

    public string RegionId { get; init; } = "";

    /// <summary>Of a bucket.</summary>
    public int? Burst { get; init; }

    /// <summary>Taken from the current window, or missing in the bucket, by whomever.</summary>
    public int Used { get; init; }

    /// <summary>Calls that came over the wire and were within the quota.</summary>
    public long Served { get; init; }

    /// <summary>Calls that came over the wire and were refused.</summary>
    public long Refused { get; init; }

    /// <summary>Calls of the account's other tenants that were within the quota.</summary>
    public long Others { get; init; }

    /// <summary>Calls of the other tenants that were refused: so often was somebody locked out.</summary>
    public long OthersRefused { get; init; }

    /// <summary>For how long in all the quota has been used up, so that whoever called was refused.</summary>
    [JsonIgnore]
    public TimeSpan Closed { get; init; }

    public double ClosedMs => Closed.TotalMilliseconds;
}
