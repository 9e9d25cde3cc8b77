using System.Text.Json;
using System.Text.Unicode;
using Ungroup.Json;

namespace Ungroup.Requests;

internal static class JsonMembers
{
    public const int DeepestNesting = 8;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DeepestNesting };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, List<RequestProblem> problems)
    {
        body = body.Span.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body;
        if (body.IsEmpty)
        {
            problems.Add(new("body", "The body was empty; expected a JSON object with `securityGroupId` and `instanceId` or `networkInterfaceId`."));
            return null;
        }

        if (!Utf8.IsValid(body.Span))
        {
            problems.Add(new("body", $"The body is {BodyKind.Of(body.Span) ?? "not UTF-8"}; expected a JSON object in UTF-8."));
            return null;
        }

        try
        {
            return JsonDocument.Parse(body, Strict);
        }
        catch (JsonException error)
        {
            problems.Add(BodyKind.Of(body.Span) is { } kind ? new("body", $"The body is {kind}; expected one JSON object in UTF-8.") : new(
                "body",
                $"The body is not JSON of at most {DeepestNesting} levels (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}); expected one JSON object."));
            return null;
        }
    }

    /// <summary>The name that was meant, but for its case and blanks around it.</summary>
    public static string? MeantBy(string name, IEnumerable<string> names) =>
        names.FirstOrDefault(known => known.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    /// <param name="name">Of a member that is unknown.</param>
    /// <param name="what">Whose member it would be, with its article.</param>
    /// <param name="meant">Null where nobody knows.</param>
    /// <param name="names">All there are.</param>
    public static RequestProblem Unknown(string name, string what, string? meant, IEnumerable<string> names) => new(
        name,
        $"`{Shown.Text(name)}` is not a member of {what}; " + (meant is null ? $"expected only {string.Join(", ", names)}." : $"did you mean `{meant}`?"));

    public static Dictionary<string, JsonElement> Of(JsonElement value, string name, List<RequestProblem> problems)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (value.ValueKind != JsonValueKind.Object)
        {
            var subject = name == "body" ? "The body" : $"`{name}`";
            problems.Add(new(name, $"{subject} was {(JsonText.Of(value)?.TrimStart() is ['{', ..] ? "a string with JSON in it" : Shown.Kind(value))}; expected a JSON object."));
            return members;
        }

        foreach (var property in value.EnumerateObject())
        {
            if (Name(property) is not { } member)
            {
                problems.Add(new(name, "The name of a member is not valid text (half of a surrogate pair); expected only the names of the contract."));
            }
            else if (!members.TryAdd(member, property.Value))
            {
                problems.Add(new(member, $"`{Shown.Text(member)}` was there twice; expected each member at most once."));
            }
        }

        return members;
    }

    private static string? Name(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
