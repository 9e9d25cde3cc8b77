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

    internal string Name { get; }

    /// <summary>The options come once for each name in the section: <c>Accounts:&lt;name&gt;:…</c>.</summary>
    internal bool IsByName { get; }

    internal IReadOnlyList<PropertyInfo> Settings { get; }

    /// <summary>The section of one set of options: each of their properties is a setting.</summary>
    public static SettingSection Of<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string name) =>
        new(name, isByName: false, typeof(TOptions).GetProperties());

    internal static SettingSection ByName<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string name) =>
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
