using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>Of the listed groups, nothing is removed on one person's word. A contain is no removal: nobody waits for an approval in an incident.</summary>
internal sealed class ApprovalNeeded(IOptions<GuardrailOptions> options) : IGuardrail
{
    private readonly HashSet<string> _groups = new(options.Value.ApprovalGroups, StringComparer.OrdinalIgnoreCase);

    public string? Refuse(RemovalRequest request, RequestDoor door) =>
        door != RequestDoor.ApprovedJob && request.Action == RequestAction.Remove && _groups.Contains(request.SecurityGroup.Value)
            ? $"{request.SecurityGroup} is left with approval only (Guardrails:ApprovalGroups)" + (door == RequestDoor.Job
                ? ", and this job needed none where it was submitted: submit another one with `approval` `required`."
                : ": submit a job, which is approved as a plan.")
            : null;
}
