using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>Protects the listed resources and their relatives: taking those out of a group exposes or cuts off the same host.</summary>
internal sealed class ProtectedResource(IOptions<GuardrailOptions> options) : IGuardrail
{
    private const string OnTheList = "on the list of protected resources (Guardrails:ProtectedResources)";

    private readonly HashSet<string> _resources = new(options.Value.ProtectedResources, StringComparer.OrdinalIgnoreCase);

    public string? Refuse(ProposedChange change) =>
        _resources.Contains(change.Resource) ? $"{change.Resource} is {OnTheList}." : null;

    // Relatives are of the other kind: where the list names none of that kind, nothing is read.
    public Func<IReadOnlyList<string>, string?>? AboutRelatives(RemovalRequest request) =>
        _resources.Any(id => IsInterface(id) == request.Resource is ResourceId.Instance)
            ? relatives => relatives.FirstOrDefault(_resources.Contains) is { } relative
                ? $"{request.Resource} {(request.Resource is ResourceId.Instance ? "has" : "belongs to")} {relative}, which is {OnTheList}."
                : null
            : null;

    private static bool IsInterface(string id) => id.StartsWith("eni-", StringComparison.OrdinalIgnoreCase);
}
