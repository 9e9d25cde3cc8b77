using Microsoft.Data.Sqlite;
using Ungroup.Messages;

namespace Ungroup.Ledger.Sqlite;

/// <summary>The records of the SQLite ledger: rows in and out.</summary>
internal sealed class SqliteRecords : IDisposable
{
    private const string Columns =
        "account, request_id, payload_hash, state, owner, epoch, lease_for, attempts, may_have_left, last_code, first_seen_at, deadline, "
        + "message_id, request, decided_at, forget_at, event_id, event_type, event_subject, event_json, version, written_at, met_others, "
        + "unfamiliar_replies";

    private const string OfThatVersion = "WHERE account = ? AND request_id = ? AND version = ?";

    private readonly SqliteWrite _insert;
    private readonly SqliteWrite _replace;
    private readonly SqliteWrite _step;
    private readonly SqliteWrite _publish;
    private readonly SqliteWrite _forget;
    private readonly SqliteRead _read;
    private readonly SqliteRead _due;

    public SqliteRecords(SqliteConnection connection)
    {
        Notes = new(connection);
        _insert = new(
            connection,
            "INSERT INTO records (account, request_id, payload_hash, message_id, first_seen_at, version, state, owner, epoch, lease_for, "
            + "attempts, may_have_left, last_code, met_others, unfamiliar_replies, written_at, deadline, request, decided_at, forget_at, event_id, event_type, "
            + "event_subject, event_json, due, due_at) "
            + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        _replace = new(
            connection,
            "UPDATE records SET state = ?, owner = ?, epoch = ?, lease_for = ?, attempts = ?, may_have_left = ?, last_code = ?, "
            + "met_others = ?, unfamiliar_replies = ?, written_at = ?, deadline = ?, request = ?, decided_at = ?, forget_at = ?, event_id = ?, event_type = ?, event_subject = ?, "
            + $"event_json = ?, due = ?, due_at = ?, version = version + 1 {OfThatVersion}");

        // A statement that does not name the columns of an index leaves the index alone, and what does not change need not be handed over.
        _step = new(
            connection,
            "UPDATE records SET state = ?, owner = ?, epoch = ?, lease_for = ?, attempts = ?, may_have_left = ?, last_code = ?, "
            + $"met_others = ?, unfamiliar_replies = ?, written_at = ?, version = version + 1 {OfThatVersion}");
        _publish = new(
            connection, $"UPDATE records SET state = ?, written_at = ?, due = ?, due_at = ?, version = version + 1 {OfThatVersion}");
        _forget = new(connection, $"DELETE FROM records WHERE due = {(int)Due.Forgetting} AND due_at <= ?");
        _read = new(connection, $"SELECT {Columns} FROM records WHERE account = $account AND request_id = $request_id");
        _due = new(
            connection,
            $"SELECT {Columns} FROM records WHERE due = $due AND due_at >= $from AND due_at < $before "
            + "AND (due_at, account, request_id) > ($from, $account, $request_id) ORDER BY due_at, account, request_id LIMIT $limit");
    }

    public SqliteNotes Notes { get; }

    /// <summary>The version of a new record. By the time it is of, one that was not kept is told from the one that came after it.</summary>
    public static long FirstVersion(DateTimeOffset now) => now.UtcTicks;

    public bool Insert(LedgerRecord record, DateTimeOffset now)
    {
        _insert.Begin()
            .Text(record.Key.Account)
            .Text(record.Key.RequestId)
            .Text(record.PayloadHash)
            .Text(record.MessageId)
            .Instant(record.FirstSeenAt)
            .Integer(FirstVersion(now));
        return Ended(Stepped(_insert, record, now), record).Execute() == 1;
    }

    /// <param name="last">What the row says at that version.</param>
    /// <param name="next">What it is to say.</param>
    /// <param name="version">Which version of the row may be replaced.</param>
    /// <param name="now">When it is written.</param>
    public bool Replace(LedgerRecord last, LedgerRecord next, long version, DateTimeOffset now)
    {
        var write = IsPublished(last, next) ? Next(_publish.Begin().Integer((int)next.State).Instant(now), next)
            : IsStep(last, next) ? Stepped(_step.Begin(), next, now)
            : Ended(Stepped(_replace.Begin(), next, now), next);
        return write.Text(next.Key.Account).Text(next.Key.RequestId).Integer(version).Execute() == 1;
    }

    public SqliteRow? Read(LedgerKey key) =>
        _read.Set("$account", key.Account).Set("$request_id", key.RequestId).Read(Row).SingleOrDefault();

    public List<SqliteRow> ReadDue(Due due, DateTimeOffset before, LedgerRecord? behind, int atMost) => _due
        .Set("$due", (int)due)
        .Set("$before", before.UtcTicks)
        .Set("$from", behind?.Next.At.UtcTicks ?? 0)
        .Set("$account", behind?.Key.Account ?? "")
        .Set("$request_id", behind?.Key.RequestId ?? "")
        .Set("$limit", atMost)
        .Read(Row);

    public int Forget(DateTimeOffset now) => _forget.Begin().Instant(now).Execute();

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<IDisposable>)[_insert, _replace, _step, _publish, _forget, _read, _due])
        {
            statement.Dispose();
        }

        Notes.Dispose();
    }

    private static bool IsPublished(LedgerRecord last, LedgerRecord next) =>
        next.State == LedgerState.Published && next == last with { State = LedgerState.Published };

    /// <summary>Whether nothing differs but what a step of its work changes.</summary>
    private static bool IsStep(LedgerRecord last, LedgerRecord next) => next == last with
    {
        State = next.State,
        Owner = next.Owner,
        Epoch = next.Epoch,
        LeaseFor = next.LeaseFor,
        Attempts = next.Attempts,
        MayHaveLeft = next.MayHaveLeft,
        LastCode = next.LastCode,
        MetOthers = next.MetOthers,
        UnfamiliarReplies = next.UnfamiliarReplies,
    } && next.Next == last.Next;

    private static SqliteWrite Stepped(SqliteWrite write, LedgerRecord record, DateTimeOffset now) => write
        .Integer((int)record.State)
        .Text(record.Owner)
        .Integer(record.Epoch)
        .Integer(record.LeaseFor.Ticks)
        .Integer(record.Attempts)
        .Integer(record.MayHaveLeft ? 1 : 0)
        .Text(record.LastCode)
        .Integer(record.MetOthers ? 1 : 0)
        .Integer(record.UnfamiliarReplies)
        .Instant(now);

    private static SqliteWrite Ended(SqliteWrite write, LedgerRecord record) => Next(
        write
            .Instant(record.Deadline)
            .Blob(record.Request is { } request ? (ReadOnlyMemory<byte>?)AskedRequest.Write(request) : null)
            .Instant(record.DecidedAt)
            .Instant(record.ForgetAt)
            .Text(record.Outcome?.Id)
            .Text(record.Outcome?.Type)
            .Text(record.Outcome?.Subject)
            .Blob(record.Outcome?.Json),
        record);

    private static SqliteWrite Next(SqliteWrite write, LedgerRecord record) => write
        .Integer((int)record.Next.Due)
        .Instant(record.Next.At);

    private static SqliteRow Row(SqliteDataReader row) => new(
        new()
        {
            Key = new(row.GetString(0), row.GetString(1)),
            PayloadHash = row.GetString(2),
            State = (LedgerState)row.GetInt32(3),
            Owner = row.IsDBNull(4) ? null : row.GetString(4),
            Epoch = row.GetInt32(5),
            LeaseFor = TimeSpan.FromTicks(row.GetInt64(6)),
            Attempts = row.GetInt32(7),
            MayHaveLeft = row.GetInt32(8) != 0,
            LastCode = row.IsDBNull(9) ? null : row.GetString(9),
            MetOthers = !row.IsDBNull(22) && row.GetInt32(22) != 0,
            UnfamiliarReplies = row.IsDBNull(23) ? 0 : row.GetInt32(23),
            FirstSeenAt = Time(row.GetInt64(10)),
            Deadline = Time(row.GetInt64(11)),
            MessageId = row.GetString(12),
            Request = row.IsDBNull(13) ? null : AskedRequest.Read(row.GetFieldValue<byte[]>(13)),
            DecidedAt = row.IsDBNull(14) ? null : Time(row.GetInt64(14)),
            ForgetAt = Time(row.GetInt64(15)),
            Outcome = row.IsDBNull(16) ? null : new OutcomeEvent(row.GetString(16), row.GetString(17), row.GetString(18), row.GetFieldValue<byte[]>(19)),
        },
        row.GetInt64(20),
        Time(row.GetInt64(21)));

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);
}

internal sealed record SqliteRow(LedgerRecord Record, long Version, DateTimeOffset WrittenAt);
