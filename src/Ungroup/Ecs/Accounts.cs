namespace Ungroup.Ecs;

internal sealed class Accounts(IReadOnlyDictionary<string, Account> accounts)
{
    /// <summary>The request's parser lets only configured accounts through.</summary>
    public Account this[string name] => accounts.TryGetValue(name, out var account)
        ? account
        : throw new KeyNotFoundException($"There is no account '{name}' (Accounts:{name}).");
}
