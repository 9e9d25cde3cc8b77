using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ungroup.Ledger.Table;

/// <summary>
/// A record and its due row share one of sixteen partitions, so that one transaction moves both: <c>r:ACCOUNT:REQUEST</c> and
/// <c>d|p|f:INSTANT:ACCOUNT:REQUEST</c>.
/// </summary>
internal static class TableKeys
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
    private const int InstantLength = 28;

    public static IReadOnlyList<string> Shards { get; } = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    /// <summary>A hash spreads request ids that count up.</summary>
    public static string Shard(LedgerKey key) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Account}\n{key.RequestId}")).AsSpan(0, 1))[..1];

    public static string Record(LedgerKey key) => $"r:{Id(key)}";

    public static string Due(LedgerRecord record) => $"{Upto(record.Next.Due, record.Next.At)}:{Id(record.Key)}";

    public static string RecordOf(string dueRow) => $"r:{dueRow[("d:".Length + InstantLength + ":".Length)..]}";

    public static string From(Due due) => due switch
    {
        Ledger.Due.Ending => "d:",
        Ledger.Due.Publishing => "p:",
        _ => "f:",
    };

    public static string Upto(Due due, DateTimeOffset at) => From(due) + Instant(at);

    /// <summary>Includes the due rows of this instant: ';' follows ':'.</summary>
    public static string Through(Due due, DateTimeOffset at) => $"{Upto(due, at)};";

    /// <summary>Follows this record's due row and no other: no character of an id comes before '!'.</summary>
    public static string Behind(LedgerRecord record) => $"{Due(record)}!";

    /// <summary>Text that sorts by time, to the tick; the service's own instants begin in 1601.</summary>
    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString(InstantFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset Instant(string text) =>
        DateTimeOffset.ParseExact(text, InstantFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    // A key must not hold '/'. No id has a '!', and no account a ':'.
    private static string Id(LedgerKey key) => $"{key.Account}:{key.RequestId.Replace('/', '!')}";
}
