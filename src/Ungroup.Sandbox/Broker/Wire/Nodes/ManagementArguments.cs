using System.Collections;
using System.Globalization;
using Amqp.Types;
using Ungroup.Sandbox.Broker.Queues;
using Ungroup.Sandbox.Broker.Wire.Format;
using Ungroup.Sandbox.Broker.Wire.Links;

namespace Ungroup.Sandbox.Broker.Wire.Nodes;

/// <summary>The body of a management request. Arrays and lists are both accepted, as are numbers of any width.</summary>
internal sealed class ManagementArguments(Map body)
{
    // The library's decoder makes arrays of a type it knows only at run time; a native build keeps those named here.
    private static readonly Array[] Kept = [Array.Empty<Guid>(), Array.Empty<DateTime>(), Array.Empty<long>(), Array.Empty<Symbol>()];

    public Guid[] LockTokens => [.. Items("lock-tokens").Cast<Guid>()];

    public long[] SequenceNumbers => [.. Items("sequence-numbers").Cast<object>().Select(AsNumber)];

    public List<NewMessage> Messages =>
        [.. Items("messages").Cast<Map>().Select(m => m["message"] as byte[] ?? throw Missing("message")).Select(Decode)];

    public Settlement Settlement => body["disposition-status"] switch
    {
        "completed" => new Settlement.Complete(),
        "abandoned" => new Settlement.Abandon(Edit),
        "defered" => new Settlement.Defer(Edit), // sic
        "suspended" => Outcomes.DeadLetter(
            body["deadletter-reason"] as string, body["deadletter-description"] as string, body["properties-to-modify"] as Map),
        var other => throw new FormatException($"'{other}' is not a disposition-status."),
    };

    private PayloadEdit? Edit => Outcomes.Edit(body["properties-to-modify"] as Map);

    public long Number(string name) => AsNumber(body[name] ?? throw Missing(name));

    private IEnumerable Items(string name) =>
        Kept.Length > 0 && body[name] is IEnumerable items and not string ? items : throw Missing(name);

    private static long AsNumber(object value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static NewMessage Decode(byte[] encoded) =>
        MessageReader.TryRead(encoded, format: 0, out var messages, out var problem) ? messages[0] : throw new FormatException(problem);

    private static FormatException Missing(string name) => new($"The request has no usable '{name}'.");
}
