using System.Text.Json.Serialization;

namespace Ungroup.Messages;

/// <summary>The sender of a request; kept as evidence, and for subscribers to filter by.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Origin>))]
internal enum Origin
{
    [JsonStringEnumMemberName("upstream")]
    Upstream,

    [JsonStringEnumMemberName("incident")]
    Incident,

    [JsonStringEnumMemberName("cleanup")]
    Cleanup,
}
