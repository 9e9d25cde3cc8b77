using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Ungroup.Settings.Reading;

/// <summary>A section of the settings and the options that are read from it. Anything else in it is a mistake.</summary>
public sealed class SettingSection
{
    private SettingSection(string name, bool isByName, PropertyInfo[] settings)
    {
        Name = name;
        IsByName = isByName;
        Settings = [.. settings.Where(IsSetting)];
    }

    public string Name { get; }

    /// <summary>The options come once for each name in the section: <c>Accounts:&lt;name&gt;:…</c>.</summary>
    public bool IsByName { get; }

    public IReadOnlyList<PropertyInfo> Settings { get; }

    /// <summary>One set of options.</summary>
    public static SettingSection Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string name) =>
        new(name, isByName: false, typeof(TOptions).GetProperties());

    /// <summary>Options by name.</summary>
    public static SettingSection ByName<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string name) =>
        new(name, isByName: true, typeof(TOptions).GetProperties());

    internal PropertyInfo? Find(string name) => Settings.FirstOrDefault(setting => setting.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    internal bool IsMeantBy(string name) =>
        name.StartsWith(Name, StringComparison.Ordinal)
        && name.AsSpan(Name.Length) is [var separator, .. var rest]
        && !char.IsLetterOrDigit(separator)
        && Starts(rest.TrimStart(separator).ToString());

    private bool Starts(string rest) => Settings.Any(setting => rest.StartsWith(setting.Name, StringComparison.Ordinal));

    internal static bool IsList(PropertyInfo setting) => setting.PropertyType == typeof(IList<string>);

    internal static bool IsNumberByName(PropertyInfo setting) => setting.PropertyType == typeof(IDictionary<string, int>);

    private static bool IsSetting(PropertyInfo property) => property.CanWrite || IsList(property) || IsNumberByName(property);
}

[AttributeUsage(AttributeTargets.Property)]
internal sealed class KnownNamesAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names => names;
}
