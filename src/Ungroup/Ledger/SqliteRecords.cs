using Microsoft.Data.Sqlite;
using Ungroup.Outcomes;

namespace Ungroup.Ledger;

/// <summary>The records of the SQLite ledger: rows in and out.</summary>
internal sealed class SqliteRecords : IDisposable
{
    private const string Columns =
        "account, request_id, payload_hash, state, owner, epoch, lease_for, attempts, may_have_left, last_code, first_seen_at, deadline, "
        + "message_id, request, decided_at, forget_at, event_id, event_type, event_subject, event_json, version, written_at, met_others";

    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _replace;
    private readonly SqliteStatement _step;
    private readonly SqliteStatement _publish;
    private readonly SqliteStatement _read;
    private readonly SqliteStatement _due;
    private readonly SqliteStatement _forget;

    public SqliteRecords(SqliteConnection connection)
    {
        Notes = new(connection);
        _insert = new(
            connection,
            $"INSERT INTO records ({Columns}, due, due_at) VALUES ($account, $request_id, $payload_hash, $state, $owner, $epoch, $lease_for, "
            + "$attempts, $may_have_left, $last_code, $first_seen_at, $deadline, $message_id, $request, $decided_at, $forget_at, $event_id, "
            + "$event_type, $event_subject, $event_json, 1, $written_at, $met_others, $due, $due_at) ON CONFLICT DO NOTHING");
        _replace = new(
            connection,
            "UPDATE records SET state = $state, owner = $owner, epoch = $epoch, lease_for = $lease_for, attempts = $attempts, "
            + "may_have_left = $may_have_left, last_code = $last_code, met_others = $met_others, deadline = $deadline, request = $request, decided_at = $decided_at, "
            + "forget_at = $forget_at, event_id = $event_id, event_type = $event_type, event_subject = $event_subject, "
            + "event_json = $event_json, due = $due, due_at = $due_at, version = version + 1, written_at = $written_at "
            + "WHERE account = $account AND request_id = $request_id AND version = $version");

        // A statement that does not name the columns of an index leaves the index alone, and what does not change need not be handed over.
        _step = new(
            connection,
            "UPDATE records SET state = $state, owner = $owner, epoch = $epoch, lease_for = $lease_for, attempts = $attempts, "
            + "may_have_left = $may_have_left, last_code = $last_code, met_others = $met_others, version = version + 1, "
            + "written_at = $written_at WHERE account = $account AND request_id = $request_id AND version = $version");
        _publish = new(
            connection,
            "UPDATE records SET state = $state, due = $due, due_at = $due_at, version = version + 1, written_at = $written_at "
            + "WHERE account = $account AND request_id = $request_id AND version = $version");
        _read = new(connection, $"SELECT {Columns} FROM records WHERE account = $account AND request_id = $request_id");
        _due = new(connection, $"SELECT {Columns} FROM records WHERE due = $due AND due_at < $before ORDER BY due_at LIMIT $limit");
        _forget = new(connection, $"DELETE FROM records WHERE due = {(int)Due.Forgetting} AND due_at <= $now");
    }

    public SqliteNotes Notes { get; }

    public void Use(SqliteTransaction transaction)
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_insert, _replace, _step, _publish, _read, _due, _forget])
        {
            statement.Use(transaction);
        }

        Notes.Use(transaction);
    }

    public bool Insert(LedgerRecord record, DateTimeOffset now) => BindAll(_insert, record, now).Execute() == 1;

    /// <param name="last">What the row says at that version.</param>
    /// <param name="next">What it is to say.</param>
    /// <param name="version">Which version of the row may be replaced.</param>
    /// <param name="now">When it is written.</param>
    public bool Replace(LedgerRecord last, LedgerRecord next, long version, DateTimeOffset now)
    {
        var statement = IsPublished(last, next) ? BindDue(BindRow(_publish, next, now), next)
            : IsStep(last, next) ? BindStep(BindRow(_step, next, now), next)
            : BindAll(_replace, next, now);
        return statement.Set("$version", version).Execute() == 1;
    }

    public SqliteRow? Read(LedgerKey key) =>
        _read.Set("$account", key.Account).Set("$request_id", key.RequestId).Read(Row).SingleOrDefault();

    public List<SqliteRow> ReadDue(Due due, DateTimeOffset before, int atMost) =>
        _due.Set("$due", (int)due).Set("$before", before.UtcTicks).Set("$limit", atMost).Read(Row);

    public int Forget(DateTimeOffset now) => _forget.Set("$now", now.UtcTicks).Execute();

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_insert, _replace, _step, _publish, _read, _due, _forget])
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
    } && next.Next == last.Next;

    private static SqliteStatement BindAll(SqliteStatement statement, LedgerRecord record, DateTimeOffset now) =>
        BindDue(BindStep(BindRow(statement, record, now), record), record)
            .Set("$payload_hash", record.PayloadHash)
            .Set("$first_seen_at", record.FirstSeenAt.UtcTicks)
            .Set("$deadline", record.Deadline.UtcTicks)
            .Set("$message_id", record.MessageId)
            .Set("$request", record.Request is { } request ? AskedRequest.Write(request) : null)
            .Set("$decided_at", record.DecidedAt?.UtcTicks)
            .Set("$forget_at", record.ForgetAt.UtcTicks)
            .Set("$event_id", record.Outcome?.Id)
            .Set("$event_type", record.Outcome?.Type)
            .Set("$event_subject", record.Outcome?.Subject)
            .Set("$event_json", record.Outcome?.Json.ToArray());

    private static SqliteStatement BindRow(SqliteStatement statement, LedgerRecord record, DateTimeOffset now) => statement
        .Set("$account", record.Key.Account)
        .Set("$request_id", record.Key.RequestId)
        .Set("$state", (int)record.State)
        .Set("$written_at", now.UtcTicks);

    private static SqliteStatement BindStep(SqliteStatement statement, LedgerRecord record) => statement
        .Set("$owner", record.Owner)
        .Set("$epoch", record.Epoch)
        .Set("$lease_for", record.LeaseFor.Ticks)
        .Set("$attempts", record.Attempts)
        .Set("$may_have_left", record.MayHaveLeft ? 1 : 0)
        .Set("$last_code", record.LastCode)
        .Set("$met_others", record.MetOthers ? 1 : 0);

    private static SqliteStatement BindDue(SqliteStatement statement, LedgerRecord record) => statement
        .Set("$due", (int)record.Next.Due)
        .Set("$due_at", record.Next.At.UtcTicks);

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
