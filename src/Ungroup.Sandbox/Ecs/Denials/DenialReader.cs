using Ungroup.Sandbox.Ecs.Actions;
using Ungroup.Sandbox.Ecs.Actions.Writes;
using Ungroup.Sandbox.Ecs.Worlds;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Denials;

/// <summary>Reads a denial as the world file and `POST /_sim/denials` write it.</summary>
internal static class DenialReader
{
    public static Denial Read(ObjectAt json, IReadOnlyList<Account> accounts, IReadOnlyList<Region> regions)
    {
        var denial = new Denial(
            json.OneOf("account", [Denial.Any, .. accounts.Select(account => account.Name)], otherwise: Denial.Any),
            json.OneOf("action", [Denial.Any, .. ActionTable.Names], otherwise: Denial.Any),
            json.OptionalText("regionId") is null ? null : json.OneOf("regionId", [.. regions.Select(region => region.Place.RegionId).Distinct()]),
            json.OptionalText("securityGroupId"),
            Denial.Errors[json.OneOf("code", [.. Denial.Errors.Keys], otherwise: EcsErrors.Forbidden.Code)]);
        if (denial.SecurityGroupId is { } group && !ResourceId.IsSecurityGroup(group))
        {
            throw json.Refuse($"`securityGroupId` of a denial was `{group}`; expected sg-… with a-z, 0-9 and - after the prefix.", "securityGroupId");
        }

        if (denial is { RegionId: null, SecurityGroupId: null })
        {
            throw json.Refuse("a denial needs `securityGroupId` or `regionId`: what is denied.");
        }

        return denial;
    }
}
