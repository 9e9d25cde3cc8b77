using Microsoft.Extensions.Logging;

namespace Ungroup.Ledger.Sqlite;

/// <summary>Warns of a write-ahead log that grows because a reader that does not end keeps SQLite from beginning it anew.</summary>
internal sealed partial class WriteAheadLog(string path, ILogger logger)
{
    /// <summary>SQLite copies it and begins anew at 16 MiB.</summary>
    public const long UsualSize = 2_000 * 8_192;

    private const long Large = UsualSize * 3 / 2;

    private readonly FileInfo _file = new($"{path}-wal");
    private long _sayAt = Large;

    /// <summary>Warns once it is large, and again whenever it has doubled.</summary>
    public void Look()
    {
        _file.Refresh();
        var size = _file.Exists ? _file.Length : 0;
        if (size < Large)
        {
            _sayAt = Large;
        }
        else if (size >= _sayAt)
        {
            _sayAt = size * 2;
            LogGrown(_file.FullName, size / 1024 / 1024);
        }
    }

    [LoggerMessage(302, LogLevel.Warning,
        "The write-ahead log {File} has grown to {Size} MiB: something that reads the ledger has not ended for a long time and keeps it from being shortened. "
        + "Look for a backup, a copy or a query that hangs, and end it; the file then shrinks by itself.")]
    private partial void LogGrown(string file, long size);
}
