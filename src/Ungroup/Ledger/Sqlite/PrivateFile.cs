namespace Ungroup.Ledger.Sqlite;

/// <summary>Files that only this process's user may read. SQLite gives <c>-wal</c> and <c>-shm</c> the permissions of their file.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static void Ensure(string path)
    {
        // Opening and closing an existing file would end the locks that SQLite holds on it in this process.
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
            // Another user's file, shared with us on purpose.
        }
    }
}
