namespace Ungroup.Sandbox.Ecs;

/// <summary>How much of a quota the current window has used, and how many calls it has refused since the start.</summary>
public sealed record QuotaUse(string Action, string Account, string RegionId, int Calls, int PerSeconds, int Used, long Refused);
