namespace Ungroup.Cli.Sandbox.Report;

/// <summary>A new file, which appears whole or not at all, or an existing link, pipe or device.</summary>
internal sealed class ReportFile(string path)
{
    private readonly string _unfinished = path + ".unfinished";

    /// <summary>Finds out before anything runs whether the report can be written in the end.</summary>
    public static void Check(string path)
    {
        if (Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw new SandboxRefusedException($"--report {path}: it is a directory, or in one that does not exist.");
        }

        if (!File.Exists(path))
        {
            var report = new ReportFile(path);
            report.Refusing(() => File.WriteAllText(report._unfinished, ""));
            File.Delete(report._unfinished);
        }
    }

    public void Write(IEnumerable<ReportRow> rows)
    {
        var lines = rows.Select(row => row.ToJson());
        Refusing(() =>
        {
            if (File.Exists(path))
            {
                File.WriteAllLines(path, lines);
                return;
            }

            File.WriteAllLines(_unfinished, lines);
            File.Move(_unfinished, path);
        });
    }

    private void Refusing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxRefusedException($"--report {path}: {exception.Message}");
        }
    }
}
