using Ungroup.Sandbox.Ecs.Identity;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>Identities and providers, and the roles that trust them.</summary>
internal sealed record Trust(IReadOnlyList<ManagedIdentity> Identities, IReadOnlyList<OidcProvider> Providers, IReadOnlyList<Role> Roles)
{
    public bool Knows(string role) => Roles.Any(candidate => candidate.Name == role);

    public IReadOnlyList<KeylessAccount> KeylessAccounts() =>
    [
        .. from role in Roles
           let identity = Identities.FirstOrDefault(identity => role.Subject is null || role.Subject == identity.ObjectId)
           where role.Provider is { ClientIds.Count: > 0 } && identity is not null
           group (role, identity) by role.Account.Name into ofAccount
           let first = ofAccount.First()
           select new KeylessAccount(
               ofAccount.Key, first.role.Arn, first.role.Provider!.Arn, first.role.Provider.ClientIds[0], first.identity.ClientId),
    ];
}
