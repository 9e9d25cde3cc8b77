using Amqp;
using Amqp.Types;
using Ungroup.Cli.Amqp;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>Asks a broker which messages a queue holds, locked and scheduled ones included, without receiving any.</summary>
internal static class QueuePeek
{
    private const int Most = 1_000;

    /// <summary>The ids of the oldest thousand.</summary>
    public static async Task<IReadOnlyList<string>> IdsAsync(BusAddress address, string queue, CancellationToken cancellationToken)
    {
        await using var bus = await BusConnection.OpenAsync(address, TimeProvider.System, cancellationToken);
        var answer = await new ManagementLink(bus, queue, TimeProvider.System).AskAsync(
            "com.microsoft:peek-message", new Map { ["from-sequence-number"] = 0L, ["message-count"] = Most }, cancellationToken);
        return ManagementLink.StatusOf(answer) == 204 ? [] : [.. ((List)((Map)answer.Body)["messages"]).Cast<Map>().Select(IdOf)];
    }

    private static string IdOf(Map found)
    {
        var encoded = (byte[])found["message"];
        return Message.Decode(new ByteBuffer(encoded, 0, encoded.Length, encoded.Length)).Properties.MessageId;
    }
}
