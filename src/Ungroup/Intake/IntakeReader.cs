using System.Runtime.InteropServices;
using System.Text.Json;
using Ungroup.Messages;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>
/// Reads HTTP intake: one request, or an array of them. The worker's own reader reads each as the body of its message, so that both
/// know the same rules.
/// </summary>
public sealed class IntakeReader
{
    /// <summary>The longest batch, in requests.</summary>
    public const int MostRequests = 100;

    /// <summary>The longest batch, in bytes. A single request, in a batch too, may have 64 KiB.</summary>
    public const int LongestBody = 1024 * 1024;

    private const string Request = "application/json";
    private const string Event = "application/cloudevents+json";
    private const string Events = "application/cloudevents-batch+json";

    private static readonly Dictionary<string, object?> Nothing = [];

    // The array adds a level around what a single request may have.
    private static readonly JsonDocumentOptions OneLevelMore = new() { MaxDepth = JsonMembers.DeepestNesting + 1 };

    private readonly RequestReader _reader;
    private readonly TimeProvider _clock;

    internal IntakeReader(RequestReader reader, TimeProvider clock) => (_reader, _clock) = (reader, clock);

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads one request or a batch. Never throws for what a sender wrote.</summary>
    /// <param name="body">One request, or an array.</param>
    /// <param name="contentType">Its sender's word.</param>
    /// <param name="beside">Values beside the body, such as a query: refused where they were meant for the request.</param>
    /// <param name="door">Where it was handed in.</param>
    public IntakeReading Read(
        ReadOnlyMemory<byte> body, string? contentType, IReadOnlyDictionary<string, object?>? beside = null, RequestDoor door = RequestDoor.Removals)
    {
        if (TypeOfMessage(contentType) is not { } type)
        {
            return new IntakeReading.OtherType(
                $"The content type was {(string.IsNullOrEmpty(contentType) ? "missing" : Shown.Text(contentType))}; expected {Request}, {Event} or {Events}.");
        }

        body = body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        var isBatch = body.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];
        var longest = isBatch ? LongestBody : RequestReader.LongestBody;
        if (body.Length > longest)
        {
            return new IntakeReading.TooLarge(
                $"The body had more than {longest:N0} bytes, the most for {(isBatch ? "a batch" : "one request")}.");
        }

        return isBatch
            ? ReadBatch(body, item => ReadOne(door, item, type, beside ?? Nothing))
            : new IntakeReading.One(ReadOne(door, body, type, beside ?? Nothing));
    }

    private static IntakeReading ReadBatch(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, IntakeItem> readOne)
    {
        try
        {
            using var document = JsonDocument.Parse(body, OneLevelMore);
            var count = document.RootElement.GetArrayLength();
            return count is > 0 and <= MostRequests
                ? new IntakeReading.Batch([.. document.RootElement.EnumerateArray().Select(item => readOne(BytesOf(item)))])
                : new IntakeReading.Unreadable(new("body", $"The batch had {count:N0} requests; expected 1 to {MostRequests}."));
        }
        catch (JsonException error)
        {
            return new IntakeReading.Unreadable(new(
                "body", $"The body is not JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}); expected an array of requests."));
        }
    }

    private IntakeItem ReadOne(RequestDoor door, ReadOnlyMemory<byte> body, string type, IReadOnlyDictionary<string, object?> beside)
    {
        // Becomes the key of a request that has none. Random, so that nobody can use it up before.
        var message = new Delivery { MessageId = Guid.NewGuid().ToString(), Body = body, ContentType = type, EnqueuedAt = _clock.GetUtcNow(), Properties = beside };
        return _reader.Read(message, door) switch
        {
            // Its action may have been left out, which on the queue would mean another one.
            ParsedRequest.Accepted { Request: var request } when door == RequestDoor.Restores => new IntakeItem.Accepted(request, request.ToBody(), Request, door),
            ParsedRequest.Accepted { Request: var request } => new IntakeItem.Accepted(request, body, type, door),
            ParsedRequest.Invalid invalid => new IntakeItem.Invalid(invalid),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static byte[] BytesOf(JsonElement item) => JsonMarshal.GetRawUtf8Value(item).ToArray();

    private static string? TypeOfMessage(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant() switch
    {
        Request => Request,
        Event or Events => Event,
        _ => null,
    };
}
