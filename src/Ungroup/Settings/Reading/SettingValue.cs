using System.Globalization;

namespace Ungroup.Settings.Reading;

internal static class SettingValue
{
    /// <summary>The form that the framework's binder reads without a doubt; null where the text is none of that type.</summary>
    public static string? Normal(Type type, string text) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(TimeSpan) => Duration.TryParse(text, out var duration) ? duration.ToString("c", CultureInfo.InvariantCulture) : null,
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? Text(number) : null,
        _ when type == typeof(double) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? Text(number)
            : null,
        _ when type == typeof(bool) => bool.TryParse(text, out var isSo) ? isSo.ToString() : null,
        { IsEnum: true } => Enum.GetNames(type).FirstOrDefault(name => name.Equals(text.Trim(), StringComparison.OrdinalIgnoreCase)),
        _ => throw new NotSupportedException($"A setting cannot be of type {type}."),
    };

    public static string Expected(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => Duration.Expected,
        _ when type == typeof(int) => "a whole number",
        _ when type == typeof(double) => "a number, such as 0.2",
        _ when type == typeof(bool) => "true or false",
        { IsEnum: true } => $"one of: {string.Join(", ", Enum.GetNames(type))}",
        _ => "one text",
    };

    /// <summary>The problem with white space at the ends of a text, or null. Never repeats the text: it may be secret.</summary>
    public static string? WhiteSpace(string text) => text switch
    {
        "" => null,
        [.., '\n' or '\r'] => "ends with a line end",
        [.., var last] when char.IsWhiteSpace(last) => "ends with white space",
        [var first, ..] when char.IsWhiteSpace(first) => "begins with white space",
        _ => null,
    };

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
}
