using System.Runtime.CompilerServices;

namespace Ungroup.Tests.Support;

/// <summary>Compares text with a file of the repository. <c>UNGROUP_ACCEPT_SNAPSHOTS=1 dotnet test</c> writes the file instead.</summary>
internal static class Snapshot
{
    public static void Matches(string actual, string pathFromRoot, [CallerFilePath] string here = "")
    {
        var file = Path.Combine(RootAbove(here), pathFromRoot);
        if (Environment.GetEnvironmentVariable("UNGROUP_ACCEPT_SNAPSHOTS") == "1")
        {
            File.WriteAllText(file, actual);
        }

        Assert.True(File.Exists(file), $"{pathFromRoot} is missing; run the tests once with UNGROUP_ACCEPT_SNAPSHOTS=1 to write it.");
        Assert.Equal(File.ReadAllText(file), actual);
    }

    /// <summary>Where a file or a directory of the repository is.</summary>
    public static string Find(string pathFromRoot, [CallerFilePath] string here = "") => Path.Combine(RootAbove(here), pathFromRoot);

    private static string RootAbove(string file)
    {
        var directory = Path.GetDirectoryName(file);
        while (directory is not null && !File.Exists(Path.Combine(directory, "Functions.sln")))
        {
            directory = Path.GetDirectoryName(directory);
        }

        return directory ?? throw new InvalidOperationException($"No Functions.sln above {file}.");
    }
}
