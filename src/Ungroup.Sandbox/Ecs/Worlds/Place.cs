namespace Ungroup.Sandbox.Ecs.Worlds;

/// <summary>Where a resource lives and who may see it: a call of another account, or to another region, does not find it.</summary>
internal sealed record Place(string RegionId, Account Account)
{
    public bool IsIn(Account account, string? regionId) =>
        ReferenceEquals(Account, account) && (regionId is null || regionId == RegionId);
}
