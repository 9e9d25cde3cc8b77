using System.Globalization;
using System.Text.Json;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Ledger;

/// <summary>
/// A record in the columns of versions that kept no document, written beside it and read where such a version wrote last, so that
/// an update can be taken back. This file goes with the first version that need not stand beside one.
/// </summary>
internal static class EarlierColumns
{
    private static readonly (string Now, string Then)[] Renamed =
        [("securityGroupId", "group"), ("instanceId", "resource"), ("networkInterfaceId", "resource"), ("regionId", "region")];

    public static (string Name, Func<LedgerRecord, object?> Of)[] All { get; } =
    [
        ("PayloadHash", record => record.PayloadHash),
        ("Owner", record => record.Owner),
        ("Epoch", record => record.Epoch),
        ("LeaseFor", record => record.LeaseFor),
        ("Attempts", record => record.Attempts),
        ("MayHaveLeft", record => record.MayHaveLeft),
        ("LastCode", record => record.LastCode),
        ("MetOthers", record => record.MetOthers),
        ("UnfamiliarReplies", record => record.UnfamiliarReplies),
        ("FirstSeenAt", record => record.FirstSeenAt),
        ("Deadline", record => record.Deadline),
        ("MessageId", record => record.MessageId),
        ("DecidedAt", record => record.DecidedAt),
        ("ForgetAt", record => record.ForgetAt),
        ("EventId", record => record.Outcome?.Id),
        ("EventType", record => record.Outcome?.Type),
        ("EventSubject", record => record.Outcome?.Subject),
    ];

    public static byte[]? Request(LedgerRecord record) => record.Request is not { } request ? null
        : Renaming(JsonSerializer.SerializeToElement(request, RequestJson.Default.RemovalRequest), name => Array.Find(Renamed, pair => pair.Now == name).Then);

    public static LedgerRecord Read(Func<string, object?> column, byte[]? told)
    {
        return new()
        {
            Key = new(Text("Account"), Text("RequestId")),
            PayloadHash = Text("PayloadHash"),
            State = Enum.Parse<LedgerState>($"{column("State")}"),
            Owner = column("Owner") as string,
            Epoch = Number("Epoch"),
            LeaseFor = column("LeaseFor") is long ticks ? TimeSpan.FromTicks(ticks) : TimeSpan.Parse(Text("LeaseFor"), CultureInfo.InvariantCulture),
            Attempts = Number("Attempts"),
            MayHaveLeft = Number("MayHaveLeft") != 0,
            LastCode = column("LastCode") as string,
            MetOthers = Number("MetOthers") != 0,
            UnfamiliarReplies = Number("UnfamiliarReplies"),
            FirstSeenAt = Instant("FirstSeenAt"),
            Deadline = Instant("Deadline"),
            MessageId = Text("MessageId"),
            Request = column("Request") is byte[] asked ? Asked(asked) : null,
            Outcome = told is null ? null : new OutcomeEvent(Text("EventId"), Text("EventType"), Text("EventSubject"), told),
            DecidedAt = column("DecidedAt") is null ? null : Instant("DecidedAt"),
            ForgetAt = Instant("ForgetAt"),
        };

        string Text(string name) => (string)column(name)!;
        int Number(string name) => Convert.ToInt32(column(name), CultureInfo.InvariantCulture);
        DateTimeOffset Instant(string name) => column(name) is long ticks ? new(ticks, TimeSpan.Zero)
            : DateTimeOffset.Parse(Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
    }

    private static RemovalRequest Asked(byte[] asked)
    {
        using var document = JsonDocument.Parse(asked);
        var isInstance = document.RootElement.GetProperty("resource").GetString()!.StartsWith("i-", StringComparison.Ordinal);
        return JsonSerializer.Deserialize(
            Renaming(document.RootElement, name => name == "resource" ? isInstance ? "instanceId" : "networkInterfaceId" : Array.Find(Renamed, pair => pair.Then == name).Now),
            RequestJson.Default.RemovalRequest)!;
    }

    private static byte[] Renaming(JsonElement request, Func<string, string?> named)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            foreach (var member in request.EnumerateObject())
            {
                writer.WritePropertyName(named(member.Name) ?? member.Name);
                member.Value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
