using System.Buffers;
using System.Text.Json;
using Ungroup.Json;

namespace Ungroup.Requests;

/// <summary>Reads optional values: null where the member is absent, or where it is wrong and a problem says so.</summary>
internal sealed class MemberValues(Dictionary<string, JsonElement> members, List<RequestProblem> problems)
{
    public DateTimeOffset? Instant(string member, DateTimeOffset latest)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (JsonText.Of(value) is { } text && Rfc3339.TryParse(text, out var instant))
        {
            if (instant <= latest)
            {
                return instant;
            }

            problems.Add(new(
                member,
                $"`{member}` was {Shown.Value(value)}; expected an instant at most 30 days after the request is sent, which is until "
                    + $"{latest.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}: send the request nearer to its time."));
            return null;
        }

        problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected {Shown.Optional(value, "an RFC 3339 instant, such as 2026-01-02T03:04:05Z")}."));
        return null;
    }

    public string? Free(string member, int longest)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (JsonText.Of(value) is { } text && text.EnumerateRunes().Count() <= longest)
        {
            return text;
        }

        problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected {Shown.Optional(value, $"text of at most {longest:N0} characters")}."));
        return null;
    }

    public string? Matching(string member, int longest, SearchValues<char> allowed, string expected)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return null;
        }

        if (JsonText.Of(value) is { Length: > 0 } text && text.Length <= longest && !text.AsSpan().ContainsAnyExcept(allowed))
        {
            return text;
        }

        problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected {Shown.Optional(value, expected)}."));
        return null;
    }

    public bool Flag(string member)
    {
        if (members.TryGetValue(member, out var value) && value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected {Shown.Optional(value, "true or false")}."));
        }

        return value.ValueKind == JsonValueKind.True;
    }

    public T Named<T>(string member, (string Name, T Value)[] names)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return names[0].Value;
        }

        var text = JsonText.Of(value);
        var found = Array.FindIndex(names, one => one.Name == text);
        if (found >= 0)
        {
            return names[found].Value;
        }

        var quoted = names.Select(one => $"\"{one.Name}\"").ToList();
        var expected = $"{string.Join(", ", quoted.SkipLast(1))} or {quoted[^1]}";
        problems.Add(new(member, $"`{member}` was {Shown.Value(value)}; expected {Shown.Optional(value, expected)}."));
        return names[0].Value;
    }
}
