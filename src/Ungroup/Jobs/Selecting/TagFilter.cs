using System.Text.Json;
using Ungroup.Ecs.Wire;
using Ungroup.Json;

namespace Ungroup.Jobs.Selecting;

/// <summary>Which tags a resource must have and must not. ECS is never asked to filter by tags: it stops at a thousand interfaces, and says nothing.</summary>
internal sealed class TagFilter(JobSelection selection)
{
    private const string Unread = "its tags could not be read";

    private readonly string[] _asked = [.. selection.Tags?.Keys ?? [], .. selection.ExceptTags?.Keys ?? []];

    /// <summary>Whether the tags of an interface's instance count.</summary>
    public bool AsksForInstances => selection.ExceptTags is not null;

    /// <param name="tags">The resource's; null where they could not be read, which does not mean that it has none.</param>
    /// <param name="instance">Those of an interface's instance; null where they could not be read. Empty where it has none.</param>
    public (bool Fits, string? LeftOut) Judge(IReadOnlyDictionary<string, string>? tags, IReadOnlyDictionary<string, string>? instance)
    {
        if (tags is null)
        {
            return selection.Tags is null && selection.ExceptTags is null ? (true, null) : (true, Unread);
        }

        if (selection.Tags?.Any(wanted => !Has(tags, wanted)) == true || selection.ExceptTags?.Any(excepted => Has(tags, excepted)) == true)
        {
            return (false, null);
        }

        return selection.ExceptTags is null ? (true, null)
            : instance is null ? (true, "the tags of its instance could not be read")
            : (!selection.ExceptTags.Any(excepted => Has(instance, excepted)), null);
    }

    /// <summary>A key that is asked for in another case, among tags that lack the one that is asked for; null where there is none.</summary>
    public string? OtherCaseIn(IReadOnlyDictionary<string, string>? tags) =>
        tags?.Keys.FirstOrDefault(key => !_asked.Contains(key) && _asked.Any(asked => asked.Equals(key, StringComparison.OrdinalIgnoreCase) && !tags.ContainsKey(asked)));

    /// <summary>Null where the reply does not say.</summary>
    public static IReadOnlyDictionary<string, string>? TagsIn(JsonElement item)
    {
        if (item.Find("Tags") is not { ValueKind: JsonValueKind.Object })
        {
            return null;
        }

        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var tag in item.List("Tags", "Tag"))
        {
            if ((tag.Text("TagKey") ?? tag.Text("Key")) is not { } key)
            {
                return null;
            }

            tags[key] = tag.Text("TagValue") ?? tag.Text("Value") ?? "";
        }

        return tags;
    }

    private static bool Has(IReadOnlyDictionary<string, string> tags, KeyValuePair<string, string> wanted) =>
        tags.TryGetValue(wanted.Key, out var value) && value == wanted.Value;
}
