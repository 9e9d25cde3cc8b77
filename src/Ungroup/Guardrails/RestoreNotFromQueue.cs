using Microsoft.Extensions.Options;
using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>Keeps those who may only send to a queue from letting a contained host out.</summary>
internal sealed class RestoreNotFromQueue(IOptions<RequestOptions> options) : IGuardrail
{
    private readonly bool _isTaken = options.Value.RestoreFromQueue;

    public string? Refuse(RemovalRequest request, RequestDoor door) => _isTaken || request.Action != RequestAction.Restore || door is RequestDoor.Restores or RequestDoor.RestoreJob
        ? null
        : "A restore is not taken from a queue (Requests:RestoreFromQueue is false); send it to POST /api/restores, under a new requestId.";
}
