using System.Globalization;
using System.Text.RegularExpressions;

namespace Ungroup.Settings.Reading;

/// <summary>
/// Durations as people write them: <c>90s</c>, <c>1h30m</c>, <c>00:01:30</c>, <c>30.00:00:00</c>. The framework takes a bare number for
/// days, and <c>24:00:00</c> as well.
/// </summary>
internal static partial class Duration
{
    /// <summary>The form of a duration, for a sentence that says what was expected.</summary>
    public const string Expected = "a time with its unit, such as 90s, 2m, 1h30m, 30d or 00:01:30";

    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        text = text?.Trim() ?? "";
        if (text == "0")
        {
            return true;
        }

        try
        {
            return text.Length <= 64 && (TryClock(text, out duration) || TryUnits(text, out duration));
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static bool TryClock(string text, out TimeSpan duration)
    {
        var clock = Clock().Match(text);
        duration = clock.Success
            ? new TimeSpan(Number("days"), Number("hours"), Number("minutes"), Number("seconds"))
                + TimeSpan.FromSeconds(double.Parse($"0.{clock.Groups["fraction"].Value}0", CultureInfo.InvariantCulture))
            : TimeSpan.Zero;
        return clock.Success;

        int Number(string part) => int.Parse($"0{clock.Groups[part].Value}", CultureInfo.InvariantCulture);
    }

    private static bool TryUnits(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (!Units().IsMatch(text))
        {
            return false;
        }

        foreach (Match part in Unit().Matches(text))
        {
            duration += double.Parse(part.Groups["number"].Value, CultureInfo.InvariantCulture) * UnitOf(part.Groups["unit"].Value);
        }

        return true;
    }

    private static TimeSpan UnitOf(string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(1),
        "s" => TimeSpan.FromSeconds(1),
        "m" or "min" => TimeSpan.FromMinutes(1),
        "h" => TimeSpan.FromHours(1),
        _ => TimeSpan.FromDays(1),
    };

    [GeneratedRegex(
        @"^((?<days>\d{1,5})\.)?(?<hours>[01]?\d|2[0-3]):(?<minutes>[0-5]\d):(?<seconds>[0-5]\d)(\.(?<fraction>\d{1,7}))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Clock();

    [GeneratedRegex(@"^(\d{1,9}(\.\d{1,9})? ?(ms|s|min|m|h|d) ?)+\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Units();

    [GeneratedRegex(@"(?<number>\d+(\.\d+)?) ?(?<unit>ms|s|min|m|h|d)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Unit();
}
