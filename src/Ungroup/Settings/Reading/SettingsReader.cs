using System.Reflection;
using Microsoft.Extensions.Configuration;
using Ungroup.Display;

namespace Ungroup.Settings.Reading;

/// <summary>Compares the sections with the options that are read from them. Every name, shape and type that does not fit is a problem.</summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    public Dictionary<string, string?> Values { get; } = new(StringComparer.OrdinalIgnoreCase);

    public List<string> Problems { get; } = [];

    public void Read(SettingSection section)
    {
        var found = configuration.GetSection(section.Name);
        if (!section.IsByName)
        {
            ReadOptions(found, section);
        }
        else if (IsSection(found))
        {
            foreach (var named in found.GetChildren())
            {
                ReadOptions(named, section);
            }
        }
    }

    public void Problem(string path, string what) => Problems.Add($"{DisplayText.Of(path)}{DisplayText.Of(SettingOrigin.Of(configuration, path))} {what}");

    public void CheckText(string path)
    {
        if (configuration[path] is { } text && SettingValue.WhiteSpace(text) is { } ends)
        {
            Problem(path, $"{ends}, which would count as part of it; expected it without.");
        }
    }

    private void ReadOptions(IConfigurationSection found, SettingSection section)
    {
        if (!IsSection(found))
        {
            return;
        }

        if (found.Value is null && !found.GetChildren().Any() && section.IsByName)
        {
            Values[found.Path] = null;
        }

        foreach (var child in found.GetChildren())
        {
            if (section.Find(child.Key) is { } setting)
            {
                ReadSetting(child, setting);
            }
            else
            {
                var names = section.Settings.Select(known => known.Name).ToList();
                Problem(child.Path, Unknown(child.Key, names, meant => $"{found.Path}:{meant}"));
            }
        }
    }

    public static string Unknown(string name, IReadOnlyList<string> known, Func<string, string> path) =>
        Nearest.To(name, known) is { } meant
            ? $"is no setting; did you mean {path(meant)}?"
            : $"is no setting; expected one of: {string.Join(", ", known)}.";

    private bool IsSection(IConfigurationSection found)
    {
        if (found.Value is not { Length: > 0 })
        {
            return true;
        }

        Problem(found.Path, "is one text; expected settings by their names below it.");
        return false;
    }

    private void ReadSetting(IConfigurationSection found, PropertyInfo setting)
    {
        if (SettingSection.IsList(setting))
        {
            ReadList(found);
        }
        else if (SettingSection.IsNumberByName(setting))
        {
            ReadNumbers(found, setting.GetCustomAttribute<KnownNamesAttribute>()?.Names ?? []);
        }
        else if (found.GetChildren().Any())
        {
            Problem(found.Path, $"has settings below it; expected {SettingValue.Expected(setting.PropertyType)}.");
        }
        else
        {
            ReadValue(found, found.Path, setting.PropertyType);
        }
    }

    private void ReadList(IConfigurationSection found)
    {
        if (SettingList.Read(found, out var problem) is not { } entries)
        {
            Problem(found.Path, $"{problem}; expected {SettingList.Expected}.");
            return;
        }

        foreach (var (index, entry) in entries.Index())
        {
            Values[$"{found.Path}:{index}"] = entry;
        }
    }

    private void ReadNumbers(IConfigurationSection found, IReadOnlyList<string> names)
    {
        if (!IsSection(found))
        {
            return;
        }

        foreach (var child in found.GetChildren())
        {
            if (names.FirstOrDefault(known => known.Equals(child.Key, StringComparison.OrdinalIgnoreCase)) is { } name)
            {
                ReadValue(child, $"{found.Path}:{name}", typeof(int));
            }
            else
            {
                Problem(child.Path, Unknown(child.Key, names, meant => $"{found.Path}:{meant}"));
            }
        }
    }

    private void ReadValue(IConfigurationSection found, string path, Type type)
    {
        if (found.Value is not { } text)
        {
            return;
        }

        if (SettingValue.Normal(type, text) is not { } normal)
        {
            Problem(found.Path, $"is \"{DisplayText.Of(text)}\"; expected {SettingValue.Expected(type)}.");
            return;
        }

        CheckText(found.Path);
        Values[path] = normal;
    }
}
