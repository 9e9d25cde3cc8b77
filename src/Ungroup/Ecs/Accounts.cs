namespace Ungroup.Ecs;

/// <summary>The configured accounts, by the names that requests use.</summary>
internal sealed class Accounts(IReadOnlyDictionary<string, Account> accounts)
{
    /// <summary>Requests name configured accounts only; their parser has seen to it.</summary>
    public Account this[string name] => accounts.TryGetValue(name, out var account)
        ? account
        : throw new KeyNotFoundException($"There is no account '{name}' (Accounts:{name}).");
}
