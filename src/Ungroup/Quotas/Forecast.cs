using System.Globalization;

namespace Ungroup.Quotas;

/// <summary>How long requests take at a quota: open requests, over what the reserve leaves of it.</summary>
internal static class Forecast
{
    /// <summary>Null where nothing is known of the quota.</summary>
    public static TimeSpan? TimeFor(double requests, double perMinute, double reserve) =>
        perMinute > 0 && requests / perMinute < 1e6 ? TimeSpan.FromMinutes(requests / (perMinute * (1 - reserve))) : null;

    /// <summary>In two units at most: nobody plans by the second for tomorrow.</summary>
    public static string Said(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds switch
        {
            < 60 => Text($"{seconds} s"),
            < 3_600 => Two(seconds / 60, "min", seconds % 60, "s"),
            < 172_800 => Two(seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
            _ => Two(seconds / 86_400, "days", seconds % 86_400 / 3_600, "h"),
        };
    }

    public static string Said(double number) => number.ToString(number < 10 ? "0.#" : "#,0", CultureInfo.InvariantCulture);

    private static string Two(long large, string unit, long small, string smallUnit) =>
        small == 0 ? Text($"{large} {unit}") : Text($"{large} {unit} {small} {smallUnit}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
