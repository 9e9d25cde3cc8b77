using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Ungroup.Sandbox.Ecs.Wire;

/// <summary>Bodies as ECS writes them (sheet 4.6).</summary>
internal static class Payload
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Success(string requestId, Action<Utf8JsonWriter>? write) => Json(json =>
    {
        json.WriteString("RequestId", requestId);
        write?.Invoke(json);
    });

    public static ReadOnlyMemory<byte> Error(EcsError error, string requestId, string host, bool lowercaseKeys) => Json(json =>
    {
        // Some gateways answer with lower-case keys. [RUN]
        string Key(string name) => lowercaseKeys ? JsonNamingPolicy.CamelCase.ConvertName(name) : name;
        json.WriteString(Key("RequestId"), requestId);
        json.WriteString(Key("HostId"), host);
        json.WriteString(Key("Code"), error.Code);
        json.WriteString(Key("Message"), error.Message);
        json.WriteString(Key("Recommend"), Recommend(error, requestId));
    });

    public static string Recommend(EcsError error, string requestId) =>
        $"https://api.aliyun.com/troubleshoot?q={error.Code}&product=Ecs&requestId={requestId}";

    public static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
