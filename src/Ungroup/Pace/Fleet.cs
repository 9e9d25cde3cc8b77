using System.Globalization;
using Microsoft.Extensions.Logging;
using Ungroup.Ledger;

namespace Ungroup.Pace;

/// <summary>
/// The instances that share quotas. Each has a note in the ledger's store and reads everybody's; a note that is no longer
/// written is soon worth nothing, and its place is taken by whoever comes next. While the store is away each goes on with
/// the part it had.
/// </summary>
internal sealed partial class Fleet(Governors governors, ILedgerStore store, LedgerOwner owner, Func<double> chance, TimeProvider clock, ILogger<Fleet> logger)
{
    public const string Prefix = "pace:";

    /// <summary>An instance that has written nothing for so long is gone, and its part belongs to the others.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan NextLook = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(0.5);

    // A store's clock is known to a second where it answers soon. Clocks that are closer than this are closer than what is known.
    private static readonly TimeSpan AnswersSoon = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OffByMore = TimeSpan.FromSeconds(2);

    private SharedNote? _ours;
    private TimeSpan _storeIsAhead;
    private bool _storeIsAway;
    private (DateTimeOffset From, DateTimeOffset Until) _outage;
    private (DateTimeOffset At, bool Writes) _round;
    private DateTimeOffset _lastNews;
    private DateTimeOffset _lastRound;
    private DateTimeOffset _first;

    /// <summary>How many instances have written lately, this one included.</summary>
    public int Size { get; private set; } = 1;

    public bool IsShared => governors.AreShared;

    /// <summary>When the next round is due; looked at again at least every second, since news do not wait for it.</summary>
    public DateTimeOffset Next(DateTimeOffset now) => governors.AreShared switch
    {
        false => now + Life,
        _ when _round.At > now && !NewsAreDue(now) => Earlier(_round.At, now + NextLook),
        _ => now,
    };

    /// <summary>Does what is due, if anything is. Never throws because of the store.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (now < _lastRound)
        {
            // The clock was set back: nothing would be due for as long as that was.
            (_round, _lastRound, _lastNews, _outage) = ((now, true), default, default, default);
        }

        var hasNews = NewsAreDue(now);
        if (!governors.AreShared || (_round.At > now && !hasNews))
        {
            return;
        }

        if (Reports(now).Count == 0)
        {
            _round = (now + Idle, true);
            return;
        }

        try
        {
            await ExchangeAsync(hasNews || _round.Writes || _storeIsAway || _ours is null, cancellationToken);
            _storeIsAway = false;
        }
        catch (LedgerUnavailableException away)
        {
            if (!_storeIsAway)
            {
                Log.Away(logger, away.Message);
            }

            _outage = (_storeIsAway ? _outage.From : _lastRound == default ? now : _lastRound, now);
            _storeIsAway = true;
        }

        (_lastRound, _lastNews) = (now, hasNews ? now : _lastNews);
        _first = _first == default && _ours is not null ? now : _first;
        _round = FleetRounds.Next(now, Busiest(clock.GetUtcNow())?.MinuteStart ?? now, _first, chance());
    }

    private async Task ExchangeAsync(bool writes, CancellationToken cancellationToken)
    {
        var asked = clock.GetUtcNow();
        var notes = await store.ReadNotesAsync(Prefix, cancellationToken);
        var now = clock.GetUtcNow();
        CompareClocks(notes, asked, now);

        // Before our own is written: it may take the place of one whose instance is gone, and what that one had learned would go with it.
        Tell(notes, now);
        if (writes)
        {
            await WriteAsync(notes, now, cancellationToken);
        }
    }

    /// <summary>What is said is said by the store's clock where ours is off: a minute of another instance is then a minute here.</summary>
    private void CompareClocks(IReadOnlyList<SharedNote> notes, DateTimeOffset asked, DateTimeOffset now)
    {
        if (notes.Count > 0 && now - asked < AnswersSoon)
        {
            var ahead = notes[0].StoreTime - now;
            _storeIsAhead = ahead.Duration() > OffByMore ? ahead : TimeSpan.Zero;
        }
    }

    /// <summary>What is learned meanwhile is news for the next time, and so is everything if it cannot be written.</summary>
    private async Task WriteAsync(IReadOnlyList<SharedNote> notes, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var news = governors.All.Where(governor => governor.TakeNews()).ToList();
        var isWritten = false;
        try
        {
            isWritten = await WriteAsync(notes, FleetNote.Of(owner.Id, Reports(now), now, _storeIsAhead).ToText(), cancellationToken);
        }
        finally
        {
            (isWritten ? [] : news).ForEach(governor => governor.KeepNews());
        }
    }

    private async Task<bool> WriteAsync(IReadOnlyList<SharedNote> notes, string text, CancellationToken cancellationToken)
    {
        // A write whose reply was lost has taken place all the same: ours is what bears our name, not what we remember.
        _ours = notes.FirstOrDefault(note => FleetNote.Parse(note.Text)?.By == owner.Id);
        if (_ours is not null)
        {
            _ours = await store.WriteNoteAsync(_ours, _ours.Name, text, cancellationToken);
        }

        // A place that nobody holds any more, or a new one; who meets another at it looks further on.
        var longestAge = LongestAge(clock.GetUtcNow());
        for (var tries = 0; _ours is null && tries < 5; tries++)
        {
            var free = notes.Where(note => note.Age > longestAge || store.IsGone(FleetNote.Parse(note.Text)?.By ?? "")).ToList();
            var skip = (int)(chance() * (1 << (2 * tries)));
            _ours = skip < free.Count
                ? await store.WriteNoteAsync(free[skip], free[skip].Name, text, cancellationToken)
                : await store.WriteNoteAsync(expected: null, NameOf(notes.Count + skip - free.Count), text, cancellationToken);
        }

        return _ours is not null;
    }

    private void Tell(IReadOnlyList<SharedNote> notes, DateTimeOffset now)
    {
        var longestAge = LongestAge(now);
        var others = notes
            .Select(note => (Note: FleetNote.Parse(note.Text), Slot: SlotOf(note.Name), note.Age, IsRecent: note.Age <= longestAge))
            .Where(other => other.Note is not null && other.Note.By != owner.Id)
            .Select(other => (other.Note, other.Slot, other.Age, other.IsRecent, IsAlive: other.IsRecent && !store.IsGone(other.Note!.By)))
            .GroupBy(other => other.Note!.By, (_, notes) => notes.MinBy(note => note.Age))
            .ToList();
        Size = 1 + others.Count(other => other.IsAlive);
        var said = others
            .SelectMany(other => other.Note!.Lines.Select(line => (Line: line, other.Slot, other.IsRecent, other.IsAlive)))
            .ToLookup(one => one.Line.Key);
        var cut = others.Where(other => other.IsAlive && other.Note!.IsCut).ToList();
        foreach (var governor in governors.All)
        {
            var lines = said[governor.Key].ToList();
            var best = lines.Select(line => line.Line).Aggregate((FleetNote.Line?)null, (best, line) => best is null || line.Quota.Replaces(best.Quota) ? line : best);
            // Who is gone has no more work, but what it has used of this minute is used.
            var members = lines.Where(line => line.IsRecent).Select(line => line.Line.ToMember(line.Slot, line.IsAlive, _storeIsAhead));
            var unnamed = cut.Where(other => other.Note!.MayUse(governor.Key)).Select(other => FleetMember.WithoutLine(other.Slot));
            governor.Hear(
                new(_ours is null ? int.MaxValue : SlotOf(_ours.Name), [.. members, .. unnamed]) { StoreWasAway = longestAge > Life },
                best?.Quota,
                lines.Select(line => line.Line.TurnOf(_storeIsAhead)).OfType<TurnOfMinute>().MaxBy(turn => turn.From),
                now);
        }
    }

    /// <summary>
    /// Of a note whose instance is alive. While the store was away nobody could write: whoever was alive before still is when it is back, until there was time to write. A
    /// single round that failed keeps nobody from that.
    /// </summary>
    private TimeSpan LongestAge(DateTimeOffset now)
    {
        var outage = _outage.Until - _outage.From;
        return outage > FleetRounds.LongestGap && now - _outage.Until <= Life ? Life + outage : Life;
    }

    private bool NewsAreDue(DateTimeOffset now) =>
        governors.AreShared && now - _lastNews >= FleetRounds.BetweenNews && now - _lastRound >= FleetRounds.Soon && governors.All.Any(governor => governor.HasNews);

    private List<PaceReport> Reports(DateTimeOffset now) => [.. governors.All.Select(governor => governor.Report(now)).OfType<PaceReport>()];

    private PaceReport? Busiest(DateTimeOffset now) => Reports(now).MaxBy(report => report.Passed + report.PassedBefore);

    private static string NameOf(int slot) => $"{Prefix}{slot.ToString("D4", CultureInfo.InvariantCulture)}";

    private static int SlotOf(string name) => int.Parse(name.AsSpan(Prefix.Length), CultureInfo.InvariantCulture);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(510, LogLevel.Warning, "What others use of the quotas is not known, because the ledger did not answer; this instance goes on with the part it had: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
