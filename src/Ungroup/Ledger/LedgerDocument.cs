using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Messages;

namespace Ungroup.Ledger;

/// <summary>
/// A record as every store keeps it: one JSON document, and beside it the key, the state, what is due and the event, word for word.
/// A later property is a member of the document and never a column.
/// </summary>
internal static class LedgerDocument
{
    public static byte[] Write(LedgerRecord record) => JsonSerializer.SerializeToUtf8Bytes(record, LedgerJson.Default.LedgerRecord);

    /// <exception cref="LedgerUnavailableException">Only a later version can read it.</exception>
    public static LedgerRecord Read(ReadOnlySpan<byte> document, LedgerState state, byte[]? told)
    {
        try
        {
            var record = JsonSerializer.Deserialize(document, LedgerJson.Default.LedgerRecord)!;
            return record with { State = state, Outcome = record.Outcome is { } outcome ? outcome with { Json = told } : null };
        }
        catch (JsonException error)
        {
            throw new LedgerUnavailableException(
                $"The ledger holds a record that this version cannot read: {error.Message} Expected a worker of the version that wrote it.", error);
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LedgerRecord))]
internal sealed partial class LedgerJson : JsonSerializerContext;
