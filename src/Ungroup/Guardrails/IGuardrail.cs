using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>A rule of ours that says no. Its type's name is the code in the event.</summary>
internal interface IGuardrail
{
    /// <summary>The sentence that says why not; null where the rule has nothing against the request.</summary>
    string? Refuse(RemovalRequest request);
}
