using System.Globalization;
using NCrontab;

namespace Ungroup.FunctionsHost.Triggers.Timers;

/// <summary>A crontab expression of five or six fields, in UTC, or an interval.</summary>
internal sealed class Schedule
{
    private readonly CrontabSchedule? _crontab;
    private readonly TimeSpan _interval;

    private Schedule(CrontabSchedule? crontab, TimeSpan interval) => (_crontab, _interval) = (crontab, interval);

    public static Schedule Parse(string function, string text)
    {
        var hasSeconds = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        return CrontabSchedule.TryParse(text, new() { IncludingSeconds = hasSeconds }) is { } crontab ? new(crontab, TimeSpan.Zero)
            : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval) && interval > TimeSpan.Zero ? new(null, interval)
            : throw new FunctionsHostException($"{function} has the schedule '{text}'; expected a crontab expression of six fields, or an interval.");
    }

    public DateTimeOffset After(DateTimeOffset moment) => _crontab is null
        ? moment + _interval
        : new(_crontab.GetNextOccurrence(moment.UtcDateTime), TimeSpan.Zero);
}
