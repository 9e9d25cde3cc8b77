using Ungroup.Cli.Worker;
using Ungroup.Requests;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Cli.Sandbox;

/// <summary>The settings by which a worker uses the accounts of a world.</summary>
internal static class SandboxAccounts
{
    public static IEnumerable<KeyValuePair<string, string?>> ByKey(World world)
    {
        foreach (var account in world.Accounts)
        {
            yield return new($"Accounts:{account.Name}:Credentials", "Static");
            yield return new($"Accounts:{account.Name}:AccessKeyId", account.AccessKeyId);
            yield return new($"Accounts:{account.Name}:AccessKeySecret", account.AccessKeySecret);
            yield return new($"Accounts:{account.Name}:SecurityToken", account.SecurityToken);
            foreach (var setting in RegionsOf(world, account.Name))
            {
                yield return setting;
            }
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> RegionsOf(World world, string account) => world.RegionIds
        .Where(region => !Regions.IsBuiltIn(region))
        .Select((region, number) => KeyValuePair.Create($"Accounts:{account}:Regions:{number}", (string?)region));

    /// <summary>Variables as settings: no process's environment is touched.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Keyless(EcsSimulator ecs) =>
        [new("IDENTITY_ENDPOINT", $"{ecs.IdentityEndpoint}"), new("IDENTITY_HEADER", ecs.IdentityHeader), .. Roles(ecs)];

    /// <summary>The same for the environment of another worker.</summary>
    public static IEnumerable<string> Variables(EcsSimulator ecs) => Keyless(ecs).Select(setting =>
        $"{(setting.Key.Contains(':', StringComparison.Ordinal) ? WorkerSettings.Prefix : "")}{setting.Key.Replace(":", "__", StringComparison.Ordinal)}={setting.Value}");

    private static IEnumerable<KeyValuePair<string, string?>> Roles(EcsSimulator ecs)
    {
        foreach (var account in ecs.World.Keyless)
        {
            var name = $"Accounts:{account.Account}";
            yield return new($"{name}:Credentials", "ManagedIdentity");
            yield return new($"{name}:RoleArn", account.RoleArn);
            yield return new($"{name}:OidcProviderArn", account.OidcProviderArn);
            yield return new($"{name}:TokenAudience", account.Audience);
            yield return new($"{name}:StsEndpoint", $"{ecs.Address}");
            if (account.IdentityClientId is { } clientId)
            {
                yield return new($"{name}:IdentityClientId", clientId);
            }

            foreach (var setting in RegionsOf(ecs.World, account.Account))
            {
                yield return setting;
            }
        }
    }
}
