using System.Text.Json;
using System.Text.Json.Serialization;
using Ungroup.Jobs;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>The answer to one request that was handed in.</summary>
public sealed record IntakeResult
{
    /// <summary>Whether the queue has it.</summary>
    public required IntakeStatus Status { get; init; }

    /// <summary>The key of the request: given, or made here.</summary>
    public string? RequestId { get; init; }

    /// <summary>The account it names, or the default one.</summary>
    public string? Account { get; init; }

    /// <summary>The id of its message; null where there is none.</summary>
    public string? MessageId { get; init; }

    /// <summary>The queue of its message; null where there is none.</summary>
    public string? Queue { get; init; }

    /// <summary>The URL of its status.</summary>
    public string? Location { get; init; }

    /// <summary>Says what to do, where something is to be done.</summary>
    public string? Sentence { get; init; }

    /// <summary>Each problem of an invalid request; null otherwise.</summary>
    public IReadOnlyList<RequestProblem>? Problems { get; init; }

    /// <summary>The answer to a request that was sent.</summary>
    public static IntakeResult Of(IntakeItem.Accepted item, IntakeStatus status, string location)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new()
        {
            Status = status,
            RequestId = item.Request.RequestId,
            Account = item.Request.Account,
            MessageId = item.MessageId,
            Queue = item.Queue,
            Location = location,
            Sentence = status == IntakeStatus.Unconfirmed
                ? "The queue did not confirm that it has this request; send it again with this requestId."
                : null,
        };
    }

    /// <summary>The answer to a request that was not sent.</summary>
    public static IntakeResult Of(IntakeItem.Invalid item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return new() { Status = IntakeStatus.Invalid, RequestId = item.Why.RequestId, Account = item.Why.Account, Problems = item.Why.Problems };
    }

    /// <summary>The result as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, IntakeJson.Default.IntakeResult);

    /// <summary>The results of a batch, in the order of its requests.</summary>
    public static string ToJson(IReadOnlyList<IntakeResult> results) =>
        JsonSerializer.Serialize(new IntakeResults(results), IntakeJson.Default.IntakeResults);
}

/// <summary>Whether the queue has a request that was handed in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<IntakeStatus>))]
public enum IntakeStatus
{
    /// <summary>The queue has it.</summary>
    [JsonStringEnumMemberName("accepted")]
    Accepted,

    /// <summary>It was not enqueued.</summary>
    [JsonStringEnumMemberName("invalid")]
    Invalid,

    /// <summary>It was sent, and the queue did not confirm it.</summary>
    [JsonStringEnumMemberName("unconfirmed")]
    Unconfirmed,
}

internal sealed record IntakeResults(IReadOnlyList<IntakeResult> Results);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = false)]
[JsonSerializable(typeof(IntakeResult))]
[JsonSerializable(typeof(IntakeResults))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(RemovalStatus))]
[JsonSerializable(typeof(ToldHold))]
[JsonSerializable(typeof(ToldHolds))]
[JsonSerializable(typeof(ResourceResult))]
internal sealed partial class IntakeJson : JsonSerializerContext;
