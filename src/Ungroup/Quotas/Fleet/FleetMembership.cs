using System.Globalization;
using Microsoft.Extensions.Logging;
using Ungroup.Ledger;
using Ungroup.Quotas.Windows;
using Ungroup.Time;

namespace Ungroup.Quotas.Fleet;

/// <summary>The instances that share quotas. Each writes a heartbeat and reads everybody's; the place of one that is gone is taken by the next.</summary>
internal sealed partial class FleetMembership(
    QuotaLimiters limiters, ILedgerStore store, LedgerOwner owner, Func<double> chance, ILogger<FleetMembership> logger)
{
    public const string Prefix = "pace:";

    /// <summary>An instance that has written nothing for so long is gone, and its share belongs to the others.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(75);

    private static readonly TimeSpan BetweenWrites = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenReads = TimeSpan.FromSeconds(7.5);
    private static readonly TimeSpan BetweenNews = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan AfterNews = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WhileIdle = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(25);

    // All say soon after a window's end what it took, when its last answers are in: within a second, and it is read once everybody has.
    private static readonly TimeSpan SaysFrom = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan SaysWithin = TimeSpan.FromSeconds(0.9);
    private static readonly TimeSpan Hears = TimeSpan.FromSeconds(3);

    // A store's clock is known to a second where it answers soon. Clocks that are closer than this are closer than what is known.
    private static readonly TimeSpan AnswersSoon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OffByMore = TimeSpan.FromSeconds(2);

    private DateTimeOffset _writeAt;
    private DateTimeOffset _readAt;
    private DateTimeOffset _wroteAt;
    private DateTimeOffset _heardAt;
    private (TimeSpan Gap, DateTimeOffset Until) _unread;
    private TimeSpan _storeIsAhead;
    private SharedNote? _ours;
    private bool _isAway;

    public int Size { get; private set; } = 1;

    public bool IsShared => limiters.AreShared;

    /// <summary>This instant, in a time that nobody sets: what others say is brought to it.</summary>
    public DateTimeOffset Now => limiters.Clock.GetUtcNow();

    private bool IsNewsDue => limiters.All.Any(limiter => limiter.HasNews) && Now >= _wroteAt + BetweenNews;

    /// <summary>When the next round is due; looked at again at least every second, since news do not wait for it.</summary>
    public DateTimeOffset Next(DateTimeOffset now)
    {
        var next = !IsShared ? now + Life : IsNewsDue ? now : DateTimeOffset.Later(now, DateTimeOffset.Earlier(_writeAt, _readAt));
        return DateTimeOffset.Earlier(next, now + AfterNews);
    }

    /// <summary>Does what is due, if anything is. Never throws because of the store.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var now = Now;
        if (!IsShared || now < Next(now))
        {
            return;
        }

        var reports = Reports();
        if (reports.Count == 0)
        {
            (_writeAt, _readAt) = (now + WhileIdle, now + WhileIdle);
            return;
        }

        var busiest = reports.MaxBy(report => report.Current.Passed + report.Last.Passed)!.Current.Start;
        try
        {
            await ExchangeAsync(now, busiest, cancellationToken);
            _isAway = false;
        }
        catch (LedgerUnavailableException away)
        {
            if (!_isAway)
            {
                LogAway(logger, away.Message);
            }

            _isAway = true;
            ReadNext(now, busiest);
            WriteNext(now, busiest);
        }
    }

    /// <summary>Says that this instance uses nothing any more. The store may be away; then the others find that out in time.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        try
        {
            await TellAsync([], hasLeft: true, cancellationToken);
        }
        catch (Exception away) when (away is LedgerUnavailableException or OperationCanceledException)
        {
            LogAway(logger, away.Message);
        }
    }

    private async Task ExchangeAsync(DateTimeOffset now, DateTimeOffset window, CancellationToken cancellationToken)
    {
        var isFirst = _ours is null;
        if (isFirst || _isAway || now >= _readAt)
        {
            await ReadAsync(cancellationToken);
            ReadNext(now, window);
        }

        var news = limiters.All.Where(limiter => limiter.HasNews).ToList();
        if (isFirst || _isAway || IsNewsDue || now >= _writeAt)
        {
            await TellAsync(news, hasLeft: false, cancellationToken);
            WriteNext(now, window);

            // Others may have news as well, and the first word is some.
            _readAt = isFirst || news.Count > 0 ? DateTimeOffset.Earlier(_readAt, now + AfterNews) : _readAt;
        }
    }

    private void ReadNext(DateTimeOffset now, DateTimeOffset window) => _readAt = DateTimeOffset.Earlier(now + BetweenReads, After(now, window, Hears));

    private void WriteNext(DateTimeOffset now, DateTimeOffset window) =>
        (_wroteAt, _writeAt) = (now, DateTimeOffset.Earlier(now + BetweenWrites, After(now, window, SaysFrom + (chance() * SaysWithin))));

    private static DateTimeOffset After(DateTimeOffset now, DateTimeOffset window, TimeSpan age)
    {
        var first = window + age;
        return first > now ? first : first + ((Math.Floor((now - first) / WindowStart.Length) + 1) * WindowStart.Length);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var asked = Now;
        var notes = await store.ReadNotesAsync(Prefix, cancellationToken);
        var now = Now;
        if (notes.Count > 0 && now - asked < AnswersSoon)
        {
            // Instants are told by the store's clock where ours is off, as measured first: with each reply's delay a start would be later at every echo.
            var ahead = notes[0].StoreTime - now;
            _storeIsAhead = (ahead - _storeIsAhead).Duration() <= OffByMore ? _storeIsAhead : ahead.Duration() > OffByMore ? ahead : TimeSpan.Zero;
        }

        // Nobody could write while nobody could read: whoever was alive before still is, until there was time to write.
        var gap = _heardAt == default ? TimeSpan.Zero : now - _heardAt;
        _unread = gap > LongestGap ? (gap, now + Life) : now < _unread.Until ? _unread : default;
        _heardAt = now;
        var beats = notes.Select(note => new Beat(note, Heartbeat.Parse(note.Text)?.Shift(-_storeIsAhead))).ToList();
        Hear([.. beats.Where(beat => beat.Says is not null && beat.Says.By != owner.Id)], now);

        // A write whose reply was lost has taken place all the same: ours is what bears our name, not what we remember.
        _ours = beats.Find(beat => beat.Says?.By == owner.Id)?.Note;
        for (var tries = 0; _ours is null && tries < 5; tries++)
        {
            _ours = await TakePlaceAsync(beats, tries, cancellationToken);
        }
    }

    /// <summary>A place that nobody holds any more, or a new one; an instance that meets another at it looks further on.</summary>
    private async Task<SharedNote?> TakePlaceAsync(List<Beat> beats, int tries, CancellationToken cancellationToken)
    {
        var free = beats.Where(beat => !IsAlive(beat)).Select(beat => beat.Note).ToList();
        var (skip, text) = ((int)(chance() * (1 << (2 * tries))), TextOf(hasLeft: false));
        return skip < free.Count
            ? await store.WriteNoteAsync(free[skip], free[skip].Name, text, cancellationToken)
            : await store.WriteNoteAsync(
                expected: null, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{beats.Count + skip - free.Count:D4}"), text, cancellationToken);
    }

    /// <summary>All that is learned meanwhile is news for the next time, and everything is if it cannot be written.</summary>
    private async Task TellAsync(List<QuotaLimiter> news, bool hasLeft, CancellationToken cancellationToken)
    {
        news.ForEach(limiter => limiter.HasNews = false);
        var isWritten = false;
        try
        {
            _ours = _ours is null ? null : await store.WriteNoteAsync(_ours, _ours.Name, TextOf(hasLeft), cancellationToken);
            isWritten = _ours is not null;
        }
        finally
        {
            (isWritten ? [] : news).ForEach(limiter => limiter.HasNews = true);
        }
    }

    private void Hear(List<Beat> others, DateTimeOffset now)
    {
        var latest = others.GroupBy(beat => beat.Says!.By, (_, same) => same.MinBy(beat => beat.Note.Age)!).ToList();
        var recent = latest.Where(beat => beat.Note.Age <= LongestAge(now)).ToList();
        Size = 1 + recent.Count(IsAlive);
        foreach (var limiter in limiters.All)
        {
            var learned = latest.SelectMany(beat => beat.Says!.Quotas).Where(quota => quota.Key == limiter.Key)
                .Aggregate(QuotaEstimate.Nothing, (known, quota) => known.Merge(quota.Estimate));
            var members = recent.Select(beat => beat.Says!.MemberOf(limiter.Key, IsAlive(beat)));
            limiter.Hear([.. members.OfType<MemberReport>()], learned);
        }
    }

    private bool IsAlive(Beat beat) =>
        beat is { Says: { HasLeft: false } says } && beat.Note.Age <= LongestAge(Now) && !store.IsGone(says.By);

    private TimeSpan LongestAge(DateTimeOffset now) => now < _unread.Until ? Life + _unread.Gap : Life;

    private string TextOf(bool hasLeft) => Heartbeat.Of(owner.Id, Reports(), hasLeft).Shift(_storeIsAhead).ToText();

    private List<QuotaReport> Reports() => [.. limiters.All.Select(limiter => limiter.Report()).OfType<QuotaReport>()];

    private sealed record Beat(SharedNote Note, Heartbeat? Says);

    [LoggerMessage(510, LogLevel.Warning, "What others use of the quotas is not known, because the ledger did not answer; this instance goes on with the share it had: {Reason}")]
    private static partial void LogAway(ILogger logger, string reason);
}
