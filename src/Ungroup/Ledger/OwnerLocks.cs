namespace Ungroup.Ledger;

/// <summary>
/// Each process holds an exclusive lock on a file of its own beside the ledger, for as long as it lives. The operating
/// system lets go of it with the process, kill -9 included, so a lease of a dead process is over at once instead of by
/// time. A file that is missing proves nothing: then only the lease's end counts.
/// </summary>
internal sealed class OwnerLocks : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _own;

    public OwnerLocks(string directory, LedgerOwner owner)
    {
        _directory = Directory.CreateDirectory(directory).FullName;
        _own = new(FileOf(owner.Id), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        RemoveOldOnes();
    }

    public bool IsGone(string owner)
    {
        var file = FileOf(owner);
        return file != _own.Name && File.Exists(file) && IsFree(file);
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
            // Held: its process lives.
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            // Another user's process: nothing is proven.
            return false;
        }
    }

    private string FileOf(string owner) => Path.Combine(_directory, string.Concat(owner.Split(Path.GetInvalidFileNameChars())) + ".lock");

    // A lease is at most an hour; a free file older than a day answers nobody's question any more.
    private void RemoveOldOnes()
    {
        var own = File.GetLastWriteTimeUtc(_own.SafeFileHandle);
        foreach (var file in Directory.EnumerateFiles(_directory, "*.lock").Where(file => file != _own.Name))
        {
            if (own - File.GetLastWriteTimeUtc(file) > TimeSpan.FromDays(1) && IsFree(file))
            {
                File.Delete(file);
            }
        }
    }
}
