using System.Buffers;
using System.Text.Json;
using Ungroup.Json;
using Ungroup.Messages;

namespace Ungroup.Requests;

/// <summary>
/// A CloudEvents 1.0 envelope around a request, structured or binary:
/// https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md and …/bindings/amqp-protocol-binding.md.
/// Only its data counts.
/// </summary>
internal static class CloudEventEnvelope
{
    private const string Json = "\"application/json\", or another type that ends in +json";

    private static readonly SearchValues<char> OfExtensionNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789");

    public static bool IsStructured(Delivery delivery, Dictionary<string, JsonElement> members) =>
        members.ContainsKey("specversion") || MediaType(delivery.ContentType) == "application/cloudevents+json";

    public static void CheckBinary(Delivery delivery, List<RequestProblem> problems)
    {
        if (delivery.Properties.TryGetValue("cloudEvents:specversion", out var version)
            || delivery.Properties.TryGetValue("cloudEvents_specversion", out version))
        {
            if (version as string != "1.0")
            {
                problems.Add(new("specversion", $"`specversion` was {Shown.Text(version?.ToString() ?? "null")}; expected \"1.0\"."));
            }

            if (!string.IsNullOrEmpty(delivery.ContentType) && !IsJson(delivery.ContentType))
            {
                problems.Add(new("datacontenttype", $"The content type was \"{Shown.Text(delivery.ContentType)}\"; expected {Json}."));
            }
        }

        if (MediaType(delivery.ContentType) == "application/cloudevents-batch+json")
        {
            problems.Add(new("body", "The body was a batch of events; expected one event per message."));
        }
    }

    /// <param name="owned">Receives a document that must outlive the members.</param>
    public static Dictionary<string, JsonElement> Open(
        Dictionary<string, JsonElement> envelope, List<RequestProblem> problems, out JsonDocument? owned)
    {
        owned = null;
        CheckAttributes(envelope, problems);

        var hasData = envelope.TryGetValue("data", out var data);
        var hasBase64 = envelope.TryGetValue("data_base64", out var base64);
        if (hasData == hasBase64)
        {
            problems.Add(new("data", hasData
                ? "`data` and `data_base64` were both there; expected one of them, with the request."
                : "`data` was missing; expected the request in it."));
            return [];
        }

        if (hasData)
        {
            return JsonMembers.Of(data, "data", problems);
        }

        if (JsonText.Of(base64) is null || !base64.TryGetBytesFromBase64(out var bytes))
        {
            problems.Add(new("data_base64", $"`data_base64` was {Shown.Value(base64)}; expected the request, JSON in base64."));
            return [];
        }

        owned = JsonMembers.Parse(bytes, problems);
        return owned is null ? [] : JsonMembers.Of(owned.RootElement, "data_base64", problems);
    }

    private static void CheckAttributes(Dictionary<string, JsonElement> envelope, List<RequestProblem> problems)
    {
        foreach (var required in (ReadOnlySpan<string>)["specversion", "id", "source", "type"])
        {
            var present = envelope.TryGetValue(required, out var value);
            if (!present || string.IsNullOrEmpty(JsonText.Of(value)) || (required == "specversion" && JsonText.Of(value) != "1.0"))
            {
                var expected = required == "specversion" ? "\"1.0\"" : "a string, as CloudEvents 1.0 asks";
                problems.Add(new(required, $"`{required}` of the event was {(present ? Shown.Value(value) : "missing")}; expected {expected}."));
            }
        }

        if (envelope.TryGetValue("datacontenttype", out var type) && !IsJson(JsonText.Of(type)))
        {
            problems.Add(new("datacontenttype", $"`datacontenttype` was {Shown.Value(type)}; expected {Json}."));
        }

        // An extension that is named like a member of the request was meant as one: "dryrun" must not be overlooked here either.
        var hasAction = envelope.TryGetValue("data", out var data) && data.Find("action") is not null;
        foreach (var name in envelope.Keys.Where(name => name != "data_base64"
            && (name.AsSpan().ContainsAnyExcept(OfExtensionNames)
                || (MisplacedMembers.MemberMeantBy(name) is { } member && MisplacedMembers.MayHaveBeenMeant(member, JsonText.Of(envelope[name]), hasAction)))))
        {
            problems.Add(new(name, $"`{Shown.Text(name)}` is not an attribute of an event; expected the members of the request inside `data`."));
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaType(contentType) is "application/json" or "text/json"
        || (MediaType(contentType)?.Split('/') is [{ Length: > 0 }, { Length: > 5 } subtype] && subtype.EndsWith("+json", StringComparison.Ordinal));

    private static string? MediaType(string? contentType) => contentType?.Split(';')[0].Trim().ToLowerInvariant();
}
