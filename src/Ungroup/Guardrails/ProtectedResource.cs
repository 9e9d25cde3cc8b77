using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

internal sealed class ProtectedResource(IOptions<GuardrailOptions> options) : IGuardrail
{
    private readonly HashSet<string> _resources = [.. options.Value.ProtectedResources];

    public string? Refuse(RemovalRequest request) => _resources.Contains(request.Resource.Value)
        ? $"{request.Resource} is on the list of protected resources (Guardrails:ProtectedResources)."
        : null;
}
