using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Ungroup.Ledger.Sqlite;

internal sealed class SqliteRecords : IDisposable
{
    private static readonly Dictionary<string, string> Earlier = EarlierColumns.All.Select(column => column.Name)
        .Concat(["Account", "RequestId", "State", "Request"])
        .ToDictionary(name => name, JsonNamingPolicy.SnakeCaseLower.ConvertName, StringComparer.Ordinal);

    // A statement that names no column of an index leaves the index alone.
    private static readonly string[] OfStep = ["state", "written_at", "document", .. EarlierColumns.All.Select(column => Earlier[column.Name])];
    private static readonly string[] OfAll = [.. OfStep, "event_json", "request", "due", "due_at"];

    private readonly SqliteWrite _insert;
    private readonly SqliteWrite _replace;
    private readonly SqliteWrite _step;
    private readonly SqliteWrite _publish;
    private readonly SqliteWrite _forget;
    private readonly SqliteRead _read;
    private readonly SqliteRead _due;

    public SqliteRecords(SqliteConnection connection)
    {
        const string OfThatVersion = "WHERE account = ? AND request_id = ? AND version = ?";

        // Earlier versions move the row on without its document, so the document keeps the version it was written with.
        const string WithDocument = "document_of = version + 1, version = version + 1";

        Notes = new(connection);
        Rows = new(connection);
        _insert = new(
            connection,
            $"INSERT INTO records ({string.Join(", ", OfAll)}, account, request_id, version, document_of) "
            + $"VALUES ({string.Join(", ", OfAll.Select(_ => "?"))}, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
        _replace = new(connection, $"UPDATE records SET {Set(OfAll)}, {WithDocument} {OfThatVersion}");
        _step = new(connection, $"UPDATE records SET {Set(OfStep)}, {WithDocument} {OfThatVersion}");
        _publish = new(
            connection,
            $"UPDATE records SET {Set(["state", "written_at", "due", "due_at"])}, document_of = document_of + 1, version = version + 1 {OfThatVersion}");
        _forget = new(connection, $"DELETE FROM records WHERE due = {(int)Due.Forgetting} AND due_at <= ?");
        _read = new(connection, "SELECT * FROM records WHERE account = $account AND request_id = $request_id");
        _due = new(
            connection,
            "SELECT * FROM records WHERE due = $due AND due_at >= $from AND due_at < $before "
            + "AND (due_at, account, request_id) > ($from, $account, $request_id) ORDER BY due_at, account, request_id LIMIT $limit");
    }

    public SqliteNotes Notes { get; }

    public SqliteRows Rows { get; }

    /// <summary>Taken from the clock, so that a lost record is told from the one that came after it.</summary>
    public static long FirstVersion(DateTimeOffset now) => now.UtcTicks;

    public bool Insert(LedgerRecord record, DateTimeOffset now)
    {
        var version = FirstVersion(now);
        return All(_insert, record, now).Text(record.Key.Account).Text(record.Key.RequestId).Integer(version).Integer(version).Execute() == 1;
    }

    public bool Replace(LedgerRecord last, LedgerRecord next, long version, DateTimeOffset now)
    {
        var write = IsPublished(last, next) ? IsDue(_publish.Begin().Integer((int)next.State).Instant(now), next)
            : IsStep(last, next) ? Step(_step, next, now)
            : All(_replace, next, now);
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
        Rows.Dispose();
    }

    private static string Set(IEnumerable<string> columns) => string.Join(", ", columns.Select(column => $"{column} = ?"));

    private static bool IsPublished(LedgerRecord last, LedgerRecord next) =>
        next.State == LedgerState.Published && next == last with { State = LedgerState.Published };

    private static bool IsStep(LedgerRecord last, LedgerRecord next) =>
        ReferenceEquals(next.Request, last.Request) && ReferenceEquals(next.Outcome, last.Outcome) && next.Next == last.Next;

    private static SqliteWrite Step(SqliteWrite write, LedgerRecord record, DateTimeOffset now)
    {
        write.Begin().Integer((int)record.State).Instant(now).Blob(LedgerDocument.Write(record));
        foreach (var (_, of) in EarlierColumns.All)
        {
            write.Value(of(record));
        }

        return write;
    }

    private static SqliteWrite All(SqliteWrite write, LedgerRecord record, DateTimeOffset now) =>
        IsDue(Step(write, record, now).Blob(record.Outcome?.Json).Value(EarlierColumns.Request(record)), record);

    private static SqliteWrite IsDue(SqliteWrite write, LedgerRecord record) => write
        .Integer((int)record.Next.Due)
        .Instant(record.Next.At);

    private static SqliteRow Row(SqliteDataReader row)
    {
        var version = (long)row["version"];
        var told = row["event_json"] as byte[];
        var record = row["document_of"] is long documentOf && documentOf == version
            ? LedgerDocument.Read((byte[])row["document"], (LedgerState)(long)row["state"], told)
            : EarlierColumns.Read(name => row[Earlier[name]] is var value and not DBNull ? value : null, told);
        return new(record, version, new((long)row["written_at"], TimeSpan.Zero));
    }
}

internal sealed record SqliteRow(LedgerRecord Record, long Version, DateTimeOffset WrittenAt);
