using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>A rule of ours that says no. Its type's name is the code in the event.</summary>
internal interface IGuardrail
{
    /// <summary>The sentence that says why not; null where the rule has nothing against the request.</summary>
    string? Refuse(RemovalRequest request);

    /// <summary>The same with the resource's relatives: an interface's instance, an instance's interfaces. Null: they need not be read.</summary>
    Func<IReadOnlyList<string>, string?>? AboutRelatives(RemovalRequest request) => null;
}
