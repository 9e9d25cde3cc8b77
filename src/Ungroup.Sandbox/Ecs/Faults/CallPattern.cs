using Ungroup.Sandbox.Ecs.Actions;
using Ungroup.Sandbox.Ecs.Identity;
using Ungroup.Sandbox.Ecs.Sts;
using Ungroup.Sandbox.Ecs.Wire;
using Ungroup.Sandbox.Ecs.Worlds;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>Which calls a line of `faults` or `changes` is about: an action and a resource, or any.</summary>
internal sealed record CallPattern(string Action, string On)
{
    public const string Any = "*";

    /// <summary>Any action is any of ECS: what issues credentials is meant only where it is named.</summary>
    public bool Matches(string action, IReadOnlyCollection<string> resources) =>
        (Action == Any ? ActionTable.Find(action) is not null : Action == action) && (On == Any || resources.Contains(On));

    public bool Matches(EcsCall call) => Matches(call.Action, call.Resources);

    public static CallPattern Read(ObjectAt json, Predicate<string> isKnown, string? otherwise = Any)
    {
        var on = json.OptionalText("on") ?? Any;
        if (on != Any && !isKnown(on) && !ResourceId.HasForm(on))
        {
            throw json.Refuse(
                $"`on` of {json.What} was `{on}`; expected `*` or the id of an instance, interface or group, or the name of a role.", "on");
        }

        return new CallPattern(
            json.OneOf("action", [Any, .. ActionTable.Names, StsGateway.AssumeRole, StsGateway.AssumeRoleWithOidc, IdentityDesk.Action], otherwise),
            on);
    }
}

/// <summary>How many matching calls pass first, and how many are struck then.</summary>
internal sealed class Countdown(int skip, int times)
{
    public int Skip { get; private set; } = skip;

    public int Left { get; private set; } = times;

    /// <summary>Goes on from where another run has left off.</summary>
    public void Resume((int Skip, int Left) from) => (Skip, Left) = from;

    /// <summary>Whether this call, which matches, is one of them.</summary>
    public bool Strikes()
    {
        if (Left == 0)
        {
            return false;
        }

        if (Skip > 0)
        {
            Skip--;
            return false;
        }

        Left--;
        return true;
    }
}
