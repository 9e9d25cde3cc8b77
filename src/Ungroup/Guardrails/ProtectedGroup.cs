using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

internal sealed class ProtectedGroup(IOptions<GuardrailOptions> options) : IGuardrail
{
    private readonly HashSet<string> _groups = new(options.Value.ProtectedGroups, StringComparer.OrdinalIgnoreCase);

    public string? Refuse(RemovalRequest request) => _groups.Contains(request.SecurityGroup.Value)
        ? $"{request.SecurityGroup} is on the list of protected groups (Guardrails:ProtectedGroups)."
        : null;
}
