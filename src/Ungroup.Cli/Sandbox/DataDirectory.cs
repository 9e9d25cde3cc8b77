using System.Security.Cryptography;

namespace Ungroup.Cli.Sandbox;

/// <summary>Keeps what outlives a sandbox, for one at a time: the lock goes with the process, however that ends.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const int LongestKey = 256;

    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream held)
    {
        (_lock, Path) = (held, path);
        Key = KeyIn(At("broker.key"));
    }

    public string Path { get; }

    public string Ledger => At("ledger.db");

    public string Journal => At("journal.db");

    public string World => At("world.json");

    /// <summary>The same at every run, so that connection strings go on working.</summary>
    public string Key { get; }

    public string FunctionKey => KeyIn(At("functions.key"));

    public static DataDirectory Open(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxRefusedException($"--data {path}: {exception.Message}");
        }

        try
        {
            return new(path, new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SandboxRefusedException($"--data {path}: {exception.Message}");
        }
        catch (IOException)
        {
            throw new SandboxRefusedException($"--data {path}: another sandbox is using this directory; stop it, or name another one.");
        }
    }

    public void Dispose() => _lock.Dispose();

    private string At(string name) => System.IO.Path.Combine(Path, name);

    private static string KeyIn(string file)
    {
        if (File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 } kept)
        {
            return kept.Length <= LongestKey && kept.All(char.IsAscii) && !kept.Any(char.IsControl)
                ? kept
                : throw new SandboxRefusedException($"{file}: this is no key; delete it, and a new one is made.");
        }

        var key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        writer.Write(key);
        return key;
    }
}
