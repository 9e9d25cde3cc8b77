using Ungroup.Requests;

namespace Ungroup.Guardrails;

/// <summary>A rule of ours that says no. Its type's name is the code in the event.</summary>
internal interface IGuardrail
{
    /// <summary>The sentence that says why not; null where the rule has nothing against the change.</summary>
    string? Refuse(ProposedChange change) => null;

    /// <summary>The same for the request itself, by the door it came in.</summary>
    string? Refuse(RemovalRequest request, RequestDoor door) => null;

    /// <summary>The same with the resource's relatives: an interface's instance, an instance's interfaces. Null: they need not be read.</summary>
    Func<IReadOnlyList<string>, string?>? AboutRelatives(RemovalRequest request) => null;

    /// <summary>The same for a resource and its tags. Null: they need not be read.</summary>
    Func<string, IReadOnlyList<KeyValuePair<string, string>>, string?>? AboutTags => null;
}

/// <summary>A resource that is about to leave groups.</summary>
/// <param name="Account">The name of a configured account.</param>
/// <param name="Action">The action that was asked for.</param>
/// <param name="Resource">An <c>i-…</c> or an <c>eni-…</c>.</param>
/// <param name="Groups">Those that it would leave.</param>
internal sealed record ProposedChange(string Account, RequestAction Action, string Resource, IReadOnlyList<string> Groups)
{
    /// <summary>A restore names a request, and what it would change is known later.</summary>
    public static ProposedChange? Of(RemovalRequest request) => request.Resource is null ? null
        : new(request.Account, request.Action, request.Resource.Value, request.SecurityGroup is { } group ? [group.Value] : []);
}
