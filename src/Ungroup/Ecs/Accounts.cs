namespace Ungroup.Ecs;

internal sealed class Accounts(IReadOnlyDictionary<string, Account> accounts)
{
    public Account this[string name] => accounts.TryGetValue(name, out var account)
        ? account
        : throw new KeyNotFoundException($"There is no account '{name}' (Accounts:{name}).");
}
