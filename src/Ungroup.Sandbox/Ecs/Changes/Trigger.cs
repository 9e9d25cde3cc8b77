using Ungroup.Sandbox.Ecs.Faults;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Changes;

/// <summary>When a change is made: at a time after the start, or at some calls.</summary>
internal abstract record Trigger
{
    private Trigger() { }

    public sealed record AtTime(TimeSpan AfterStart) : Trigger;

    /// <summary>Just before the call is carried out, or once it has been.</summary>
    public sealed record AtCalls(CallPattern Calls, int Skip, int Times, bool Follows) : Trigger;

    /// <summary>Null where the change names neither a time nor a call.</summary>
    public static Trigger? Read(ObjectAt json, Predicate<string> isKnown)
    {
        var (seconds, action) = (json.OptionalSeconds("afterSeconds"), json.OptionalText("action"));
        if (action is null)
        {
            return seconds is { } wait ? new AtTime(TimeSpan.FromSeconds(wait)) : null;
        }

        return seconds is null
            ? new AtCalls(
                CallPattern.Read(json, isKnown),
                json.OptionalNumber("after", least: 0) ?? 0,
                json.OptionalNumber("times", least: 0) ?? 1,
                json.OneOf("when", ["before", "after"], "before") == "after")
            : throw json.Refuse($"{json.What} is made at a time or at a call; expected `afterSeconds` or `action`.", "afterSeconds");
    }
}
