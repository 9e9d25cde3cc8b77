using System.Text.Json;
using Ungroup.Json;
using Ungroup.Requests;

namespace Ungroup.Jobs;

/// <summary>The members of <c>select</c>.</summary>
internal sealed class SelectionMembers(JsonElement select, List<RequestProblem> problems)
{
    private const string Name = "select";
    private const int MostTags = 20;
    private const int LongestTag = 128;

    private static readonly string[] Names = ["memberOf", "tags", "exceptTags"];

    /// <summary>Null where something is wrong, and a problem says what.</summary>
    public JobSelection? Read()
    {
        var before = problems.Count;
        var members = JsonMembers.Of(select, Name, problems);
        foreach (var name in members.Keys.Except(Names, StringComparer.Ordinal))
        {
            problems.Add(new(Name, $"`{Name}.{Shown.Text(name)}` is not a member of a selection; expected only {string.Join(", ", Names)}."));
        }

        var group = problems.Count == before || members.Count > 0 ? MemberOf(members) : null;
        var (tags, exceptTags) = (Tags(members, "tags"), Tags(members, "exceptTags"));
        return problems.Count == before ? new() { MemberOf = group!, Tags = tags, ExceptTags = exceptTags } : null;
    }

    private SecurityGroupId? MemberOf(Dictionary<string, JsonElement> members)
    {
        if (members.TryGetValue("memberOf", out var value) && SecurityGroupId.TryParse(JsonText.Of(value), out var group))
        {
            return group;
        }

        var came = value.ValueKind == JsonValueKind.Undefined ? "missing" : Shown.Value(value);
        problems.Add(new(Name, $"`{Name}.memberOf` was {came}; expected the id of the security group whose members are looked at, such as sg-bp1…."));
        return null;
    }

    // An empty object would mean no filter, and whoever wrote one most likely meant a filter.
    private Dictionary<string, string>? Tags(Dictionary<string, JsonElement> members, string member)
    {
        if (!members.TryGetValue(member, out var value))
        {
            return null;
        }

        var tags = JsonMembers.Of(value, $"{Name}.{member}", problems);
        if (value.ValueKind == JsonValueKind.Object && tags.Count is 0 or > MostTags)
        {
            problems.Add(new(Name, $"`{Name}.{member}` had {tags.Count:N0} tags; expected 1 to {MostTags}, or leave it out."));
        }

        foreach (var (key, tag) in tags)
        {
            if (key.Length is 0 or > LongestTag || JsonText.Of(tag) is not { Length: <= LongestTag })
            {
                problems.Add(new(Name, $"`{Name}.{member}` had {Shown.Quoted(key)} with {Shown.Value(tag)}; expected the key and the value of a tag, texts of at most {LongestTag} characters."));
            }
        }

        return tags.ToDictionary(tag => tag.Key, tag => JsonText.Of(tag.Value) ?? "", StringComparer.Ordinal);
    }
}
