using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>A rule of ours that says no. Its type's name is the code in the event.</summary>
internal interface IGuardrail
{
    /// <summary>The sentence that says why not; null where the rule has nothing against the request.</summary>
    string? Refuse(RemovalRequest request);

    /// <summary>
    /// The same, once the relatives of the resource are known: the instance of an interface, the interfaces of an instance. Null where
    /// the rule does not need to know them, so that nobody reads them for it.
    /// </summary>
    Func<IReadOnlyList<string>, string?>? AboutRelatives(RemovalRequest request) => null;
}
