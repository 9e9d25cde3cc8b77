using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>Protects the groups on the list; and isolation groups against removals, which would let a contained host out.</summary>
internal sealed class ProtectedGroup(IOptions<GuardrailOptions> options, KnownAccounts accounts) : IGuardrail
{
    private readonly HashSet<string> _groups = new(options.Value.ProtectedGroups, StringComparer.OrdinalIgnoreCase);

    public string? Refuse(ProposedChange change) =>
        change.Groups.FirstOrDefault(_groups.Contains) is { } listed ? $"{listed} is on the list of protected groups (Guardrails:ProtectedGroups)."
        : change.Action == RequestAction.Remove && change.Groups.FirstOrDefault(group => accounts.IsIsolationGroup(change.Account, group)) is { } isolation
            ? $"{isolation} is an isolation group (Accounts:{change.Account}:IsolationGroups): ask for a restore of the contain instead."
        : null;
}
