using Microsoft.Extensions.Configuration;
using Ungroup.Display;
using Ungroup.Settings.Reading;

namespace Ungroup.Settings;

/// <summary>The part of a host's configuration beside the sections of the core.</summary>
public sealed record SettingSurroundings
{
    private const string EnvironmentCredentials = "ALIBABA_CLOUD_";

    /// <summary>The host's own sections.</summary>
    public IReadOnlyList<SettingSection> Sections { get; init; } = [];

    /// <summary>Whether all names are ours, but those of <see cref="Texts"/>; else the host shares its configuration with others.</summary>
    public bool IsAllOurs { get; init; }

    /// <summary>Names that are read as they are.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Sections that somebody else reads, in whatever shape.</summary>
    public IReadOnlyList<string> Open { get; init; } = [];

    /// <summary>Sections of ours that this host does not read, and what its reader should do instead.</summary>
    public IReadOnlyDictionary<string, string> Elsewhere { get; init; } = new Dictionary<string, string>();

    /// <summary>Problems that the host itself found with the names of its settings.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    internal void Check(IConfiguration configuration, SettingsReader reader, IReadOnlyList<SettingSection> sections)
    {
        reader.Problems.AddRange(Problems);
        foreach (var found in configuration.GetChildren())
        {
            if (found.Key.StartsWith(EnvironmentCredentials, StringComparison.OrdinalIgnoreCase)
                || Texts.Contains(found.Key, StringComparer.OrdinalIgnoreCase))
            {
                reader.CheckText(found.Key);
            }
            else if (!Open.Contains(found.Key, StringComparer.OrdinalIgnoreCase) && !sections.Any(section => section.Name.Equals(found.Key, StringComparison.OrdinalIgnoreCase)))
            {
                CheckName(found, reader, sections);
            }
        }
    }

    private void CheckName(IConfigurationSection found, SettingsReader reader, IReadOnlyList<SettingSection> sections)
    {
        List<string> names = [.. sections.Select(section => section.Name)];
        var isSection = found.GetChildren().Any();
        var name = isSection ? FirstBelow(found) : found.Path;
        if (Elsewhere.FirstOrDefault(section => section.Key.Equals(found.Key, StringComparison.OrdinalIgnoreCase)).Value is { } instead)
        {
            if (isSection)
            {
                reader.Problem(name, instead);
            }
        }
        else if (IsAllOurs || (isSection ? Nearest.To(found.Key, names) is not null : sections.Any(section => section.IsMeantBy(found.Key))))
        {
            reader.Problem(name, SettingsReader.Unknown(found.Key, names, meant => meant + name[found.Key.Length..]));
        }
    }

    private static string FirstBelow(IConfigurationSection section)
    {
        while (section.GetChildren().FirstOrDefault() is { } child)
        {
            section = child;
        }

        return section.Path;
    }
}
