using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ledger.Table;

/// <summary>
/// Where rows are. A record and the row that says what is due about it share a partition, so that one transaction moves
/// both: <c>r:ACCOUNT:REQUEST</c> and <c>d|p|f:INSTANT:ACCOUNT:REQUEST</c>, in one of sixteen partitions.
/// </summary>
internal static class TableKeys
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private const int InstantLength = 28;

    public static IReadOnlyList<string> Shards { get; } = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    /// <summary>Spread by a hash: request ids often count up, and would all land in one place.</summary>
    public static string Shard(LedgerKey key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Account}\n{key.RequestId}")).AsSpan(0, 1))[..1];

    public static string Record(LedgerKey key) => $"r:{Id(key)}";

    public static string Due(LedgerRecord record) => $"{Upto(record.Next.Due, record.Next.At)}:{Id(record.Key)}";

    /// <summary>The record that a due row is about.</summary>
    public static string RecordOf(string dueRow) => $"r:{dueRow[("d:".Length + InstantLength + ":".Length)..]}";

    /// <summary>Where the due rows of a kind begin.</summary>
    public static string From(Due due) => due switch
    {
        Ledger.Due.Ending => "d:",
        Ledger.Due.Publishing => "p:",
        _ => "f:",
    };

    /// <summary>Behind all due rows of earlier instants, and before those of this one.</summary>
    public static string Upto(Due due, DateTimeOffset at) => From(due) + Instant(at);

    /// <summary>Behind all due rows of this instant, too: ';' follows ':'.</summary>
    public static string Through(Due due, DateTimeOffset at) => $"{Upto(due, at)};";

    /// <summary>Behind the due row of this record, and before any other that follows it: no character of an id comes before '!'.</summary>
    public static string Behind(LedgerRecord record) => $"{Due(record)}!";

    /// <summary>To the tick, sorts as it should, and readable in any storage browser. A column of the service's own kind would begin in 1601.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.ParseExact(text, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    // A key must not hold '/'. No id has a '!', and no account a ':'.
    private static string Id(LedgerKey key) => $"{key.Account}:{key.RequestId.Replace('/', '!')}";
}
