using Ungroup.Sandbox.Ecs.Identity;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>
/// Reads `identities`, `oidcProviders` and `roles`. A world that has none gets, for each account, a provider `sandbox` and a role
/// `ungroup` that trusts the sandbox's own identity.
/// </summary>
internal sealed class TrustReader(ObjectAt root, IReadOnlyList<Account> accounts, Action<ObjectAt, string, string> claim)
{
    public const string DefaultAudience = "api://ungroup-sandbox";

    public Trust Read()
    {
        List<ManagedIdentity> identities = [.. root.Objects("identities", "an identity").Select(ReadIdentity)];
        if (identities.Count == 0)
        {
            identities.Add(new("5a9db0c5-0000-4000-8000-000000000001"));
        }

        List<OidcProvider> providers = [.. root.Objects("oidcProviders", "an OIDC provider").Select(ReadProvider)];
        if (providers.Count == 0)
        {
            providers.AddRange(accounts.Select(account => new OidcProvider("sandbox", account, TokenSigner.Issuer, [DefaultAudience], TimeSpan.FromHours(24))));
        }

        List<Role> roles = [.. root.Objects("roles", "a role").Select(role => ReadRole(role, providers))];
        if (roles.Count == 0)
        {
            roles.AddRange(accounts.Select(account => new Role("ungroup", account)
            {
                Provider = providers.Find(provider => provider.Account == account),
                Subject = identities[0].ObjectId,
            }));
        }

        return new(identities, providers, roles);
    }

    private ManagedIdentity ReadIdentity(ObjectAt json)
    {
        var identity = new ManagedIdentity(json.Text("objectId"), json.OptionalText("clientId"));
        claim(json, $"identity {identity.ClientId ?? "of the system"}", "objectId");
        json.Done();
        return identity;
    }

    private OidcProvider ReadProvider(ObjectAt json)
    {
        var provider = new OidcProvider(
            json.Text("name"),
            OwnerOf(json),
            json.OptionalText("issuer") ?? TokenSigner.Issuer,
            json.OptionalTexts("clientIds") ?? [DefaultAudience],
            TimeSpan.FromHours(json.OptionalNumber("issuanceLimitHours", least: 1) ?? 24));
        json.What = $"OIDC provider {provider.Name}";
        claim(json, $"OIDC provider {provider.Name} of account {provider.Account.Name}", "name");
        json.Done();
        return provider;
    }

    private Role ReadRole(ObjectAt json, List<OidcProvider> providers)
    {
        var (name, owner) = (json.Text("name"), OwnerOf(json));
        json.What = $"role {name}";
        claim(json, $"role {name} of account {owner.Name}", "name");
        var trusted = json.OptionalText("oidcProvider");
        var role = new Role(name, owner)
        {
            Provider = trusted is null ? null : providers.Find(provider => provider.Name == trusted && provider.Account == owner)
                ?? throw json.Refuse($"`oidcProvider` of {json.What} was `{trusted}`; expected one of account {owner.Name}.", "oidcProvider"),
            Subject = json.OptionalText("subject"),
            ExternalId = json.OptionalText("externalId"),
            LongestSession = TimeSpan.FromSeconds(json.OptionalNumber("maxSessionSeconds", least: 900) ?? 3600),
        };
        json.Done();
        return role;
    }

    private Account OwnerOf(ObjectAt json)
    {
        var name = json.OneOf("account", [.. accounts.Select(account => account.Name)], accounts[0].Name);
        return accounts.First(account => account.Name == name);
    }
}
