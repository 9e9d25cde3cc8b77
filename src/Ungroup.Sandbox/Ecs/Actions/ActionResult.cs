using System.Text.Json;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Actions;

/// <summary>The result of an action: a refusal, or a payload beside the RequestId and perhaps a change.</summary>
internal abstract record ActionResult
{
    private ActionResult() { }

    public sealed record Refused(EcsError Error) : ActionResult;

    public sealed record Done(Action<Utf8JsonWriter>? Payload = null, MembershipChange? Change = null) : ActionResult;

    public static implicit operator ActionResult(EcsError error) => new Refused(error);
}

/// <summary>A membership that is no longer what it was; made while the world is held.</summary>
internal sealed record MembershipChange(Membership Membership)
{
    public static ActionResult To(World world, EcsCall call, NetworkInterface eni, IReadOnlyList<SecurityGroup> after) =>
        world.SetGroups(eni, after, call.Now, call.Action)
            ? new ActionResult.Done(Change: new MembershipChange(eni.Membership))
            : new ActionResult.Done();
}
