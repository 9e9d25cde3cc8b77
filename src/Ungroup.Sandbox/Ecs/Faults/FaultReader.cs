using System.Buffers;
using Ungroup.Sandbox.Ecs.Worlds.Reading;

namespace Ungroup.Sandbox.Ecs.Faults;

/// <summary>Reads a fault as the world file and `POST /_sim/faults` write it.</summary>
internal static class FaultReader
{
    private static readonly SearchValues<char> OfCodes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static Fault Read(ObjectAt json, Predicate<string> isKnown)
    {
        var kind = json.OptionalText("kind") is { } given && given.StartsWith(FaultKind.AnyCode, StringComparison.Ordinal)
            ? AnyCode(json, given)
            : json.OneOf("kind", FaultKind.All);
        json.What = $"fault `{kind}`";

        var calls = CallPattern.Read(json, isKnown);
        var hint = kind == FaultKind.Throttle ? json.OptionalNumber("retryAfterMs", least: int.MinValue) : null;
        var fault = new Fault(
            kind == FaultKind.Throttle && hint is null ? FaultKind.ThrottleNoHint : kind,

            // Reads are stale after a change, whichever it is; who names the read means the same.
            kind == FaultKind.StaleRead && calls.Action.StartsWith("Describe", StringComparison.Ordinal) ? calls with { Action = CallPattern.Any } : calls,
            json.OptionalNumber("times", least: 0) ?? 1,
            json.OptionalNumber("after", least: 0) ?? 0)
        {
            Span = hint is { } wait ? TimeSpan.FromMilliseconds(wait) : Span(json, kind),
            AfterApply = AfterApply(json, kind),
            Status = kind.StartsWith(FaultKind.AnyCode, StringComparison.Ordinal) ? Status(json) : 400,
        };

        json.Done();
        return fault;
    }

    private static string AnyCode(ObjectAt json, string kind) =>
        kind.AsSpan(FaultKind.AnyCode.Length) is { Length: > 0 and <= 128 } code && !code.ContainsAnyExcept(OfCodes)
            ? kind
            : throw json.Refuse($"`kind` was `{kind}`; expected `code:` and a code of letters, digits, dots, dashes and underscores, at most 128.", "kind");

    private static int Status(ObjectAt json) => (json.OptionalNumber("status", least: 400) ?? 400) is var status && status <= 599
        ? status
        : throw json.Refuse($"`status` was {status}; expected 400 to 599.", "status");

    private static TimeSpan Span(ObjectAt json, string kind) => kind switch
    {
        FaultKind.Slow or FaultKind.AppliedLater => TimeSpan.FromMilliseconds(json.Number("delayMs", least: 0)),
        FaultKind.StaleRead => TimeSpan.FromMilliseconds(json.Number("forMs", least: 0)),
        _ => TimeSpan.Zero,
    };

    // A 500, a 503 and a proxy's page leave the caller as ignorant as a time-out does (sheet 1.3), so they may come after the change too.
    private static bool AfterApply(ObjectAt json, string kind) => kind switch
    {
        FaultKind.TimeoutAfterApply or FaultKind.ResetAfterApply or FaultKind.CloseAfterApply => true,
        FaultKind.InternalError or FaultKind.ServiceUnavailable or FaultKind.Html502 or FaultKind.Empty504 or FaultKind.Html403
            or FaultKind.Empty404 or FaultKind.CodeIn200 or FaultKind.Garbage =>
            json.Flag("afterApply", otherwise: false),
        _ => false,
    };
}
