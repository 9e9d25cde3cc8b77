namespace Ungroup.Ledger.Sqlite;

/// <summary>
/// Files that only the user of this process may read and write: requests, reasons and who asked are nobody else's business. SQLite gives
/// its <c>-wal</c> and <c>-shm</c> the permissions of the file they belong to.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes the file where there is none, and takes it, and what SQLite has put beside it, away from others.</summary>
    public static void Ensure(string path)
    {
        // A file that is there is not opened: closing it again would end the locks that SQLite may hold on it in this process.
        if (!File.Exists(path))
        {
            Create(path, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
        }

        foreach (var file in (ReadOnlySpan<string>)[path, $"{path}-wal", $"{path}-shm"])
        {
            TakeFromOthers(file);
        }
    }

    public static FileStream Create(string path, FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        return new(path, options);
    }

    private static void TakeFromOthers(string file)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(file) || File.GetUnixFileMode(file) == OwnerOnly)
        {
            return;
        }

        try
        {
            File.SetUnixFileMode(file, OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's file, which was shared with us on purpose: only its owner may change that.
        }
    }
}
