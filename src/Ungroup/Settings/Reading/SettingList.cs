using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Ungroup.Display;

namespace Ungroup.Settings.Reading;

/// <summary>Reads a list: numbered entries, one text with commas, or one text that is a JSON array.</summary>
internal static class SettingList
{
    public const string Expected = "a list: entries with numbers (…:0, …:1), one text with commas, or a JSON array of texts";

    public static IReadOnlyList<string>? Read(IConfigurationSection section, out string problem)
    {
        problem = "";
        var entries = section.GetChildren().ToList();
        if (section.Value is { Length: > 0 } text)
        {
            problem = entries.Count > 0 ? "is one text and has numbered entries as well" : "begins like a JSON array and is none of texts";
            return entries.Count > 0 ? null : text.AsSpan().TrimStart() is ['[', ..] ? OfJson(text) : OfCommas(text);
        }

        problem = entries.Find(entry => !uint.TryParse(entry.Key, out _)) is { } named ? $"has an entry named {DisplayText.Of(named.Key)}"
            : entries.Exists(entry => entry.GetChildren().Any()) ? "has entries that are no texts"
            : "";
        return problem.Length > 0 ? null : [.. entries.Select(entry => entry.Value ?? "")];
    }

    private static string[] OfCommas(string text) => string.IsNullOrWhiteSpace(text) ? [] : text.Split(',', StringSplitOptions.TrimEntries);

    private static List<string>? OfJson(string text)
    {
        try
        {
            var array = JsonElement.Parse(text);
            return array.EnumerateArray().All(entry => entry.ValueKind == JsonValueKind.String)
                ? [.. array.EnumerateArray().Select(entry => entry.GetString()!)]
                : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
