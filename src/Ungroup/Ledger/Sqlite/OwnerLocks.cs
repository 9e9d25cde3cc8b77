namespace Ungroup.Ledger.Sqlite;

/// <summary>
/// Each process holds an exclusive lock on a file of its own beside the ledger. The operating system releases it with the process,
/// kill -9 included, so a dead process's lease is over at once. A missing file proves nothing.
/// </summary>
internal sealed class OwnerLocks : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _own;
    private readonly bool _locksWork;

    public OwnerLocks(string directory, LedgerOwner owner)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
        _own = PrivateFile.Create(FileOf(owner.Id), FileMode.Create, FileShare.None);

        // On some file systems an "exclusive" lock excludes nobody; there a free file proves nothing.
        _locksWork = !IsFree(_own.Name);
        if (_locksWork)
        {
            RemoveOldOnes();
        }
    }

    public bool IsGone(string owner)
    {
        var file = FileOf(owner);
        return _locksWork && file != _own.Name && File.Exists(file) && IsFree(file);
    }

    public void Dispose() => _own.Dispose();

    private static bool IsFree(string file)
    {
        try
        {
            using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string FileOf(string owner) => Path.Combine(_directory, string.Concat(owner.Split(Path.GetInvalidFileNameChars())) + ".lock");

    // The first to find a file free only marks it: others must find its leases free too, for an hour at most.
    private void RemoveOldOnes()
    {
        var now = File.GetLastWriteTimeUtc(_own.SafeFileHandle);
        foreach (var file in Directory.EnumerateFiles(_directory, "*.lock").Where(file => file != _own.Name && IsFree(file)))
        {
            if (new FileInfo(file).Length == 0)
            {
                File.WriteAllText(file, "dead");
            }
            else if (now - File.GetLastWriteTimeUtc(file) > TimeSpan.FromDays(1))
            {
                File.Delete(file);
            }
        }
    }
}
