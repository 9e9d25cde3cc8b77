using Ungroup.Sandbox.Ecs.Sts;

namespace Ungroup.Sandbox.Ecs.Signatures;

/// <summary>Every key a call may be signed with: those of the accounts, and those that were issued.</summary>
internal sealed class KeyRing(IReadOnlyList<Account> accounts, SessionBook sessions)
{
    private readonly Dictionary<string, Key> _ofAccounts =
        accounts.ToDictionary(account => account.AccessKeyId, account => new Key(account, account.AccessKeySecret, account.SecurityToken, null));

    public Account First => accounts[0];

    public Key? Find(string accessKeyId) => _ofAccounts.GetValueOrDefault(accessKeyId) ?? (sessions.Find(accessKeyId) is { } session
        ? new Key(session.Role.Account, session.AccessKeySecret, session.SecurityToken, session)
        : null);
}

/// <summary>A secret, the token that must come along with it, and the session it belongs to, if any.</summary>
internal sealed record Key(Account Account, string Secret, string? SecurityToken, Session? Session);
