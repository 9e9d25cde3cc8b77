using System.Text.Json.Serialization;

namespace Ungroup.Requests;

/// <summary>What a request asks for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RequestAction>))]
public enum RequestAction
{
    /// <summary>Take one resource out of one group.</summary>
    [JsonStringEnumMemberName("remove")]
    Remove,

    /// <summary>Leave a resource in an isolation group alone.</summary>
    [JsonStringEnumMemberName("contain")]
    Contain,

    /// <summary>Undo an earlier request.</summary>
    [JsonStringEnumMemberName("restore")]
    Restore,
}
