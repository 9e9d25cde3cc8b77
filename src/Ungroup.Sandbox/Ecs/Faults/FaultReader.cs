using Ungroup.Sandbox.Ecs.Actions;
using Ungroup.Sandbox.Ecs.Worlds;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>Reads a fault as the world file and `POST /_sim/faults` write it.</summary>
internal static class FaultReader
{
    public static Fault Read(ObjectAt json, Predicate<string> isKnown)
    {
        var kind = json.OneOf("kind", FaultKind.All);
        json.What = $"fault `{kind}`";

        var on = json.OptionalText("on") ?? Fault.Any;
        if (on != Fault.Any && !isKnown(on))
        {
            throw json.Refuse(
                $"`on` of {json.What} was `{on}`; expected `*` or the id of an instance, interface or group of this world.", "on");
        }

        var fault = new Fault(
            kind,
            json.OneOf("action", [Fault.Any, .. ActionTable.Names], otherwise: Fault.Any),
            on,
            json.OptionalNumber("times", least: 1) ?? 1,
            json.OptionalNumber("after", least: 0) ?? 0)
        {
            Span = Span(json, kind),
            AfterApply = AfterApply(json, kind),
        };

        if (kind == FaultKind.StaleRead && fault.Action.StartsWith("Describe", StringComparison.Ordinal))
        {
            throw json.Refuse(
                $"`action` of {json.What} was `{fault.Action}`; expected the change after which reads are stale, or `*`.", "action");
        }

        json.Done();
        return fault;
    }

    private static TimeSpan Span(ObjectAt json, string kind) => kind switch
    {
        FaultKind.Throttle => TimeSpan.FromMilliseconds(json.Number("retryAfterMs", least: 1)),
        FaultKind.Slow => TimeSpan.FromMilliseconds(json.Number("delayMs", least: 1)),
        FaultKind.StaleRead => TimeSpan.FromMilliseconds(json.Number("forMs", least: 1)),
        _ => TimeSpan.Zero,
    };

    // A 500, a 503 and a proxy's page leave the caller as ignorant as a time-out does (sheet 1.3), so they may come after the change too.
    private static bool AfterApply(ObjectAt json, string kind) => kind switch
    {
        FaultKind.TimeoutAfterApply or FaultKind.ResetAfterApply => true,
        FaultKind.InternalError or FaultKind.ServiceUnavailable or FaultKind.Html502 or FaultKind.Empty504 =>
            json.Flag("afterApply", otherwise: false),
        _ => false,
    };
}
