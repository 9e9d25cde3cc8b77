namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>The folder where the build puts the function app: beside this program, by configuration.</summary>
internal static class FunctionAppFolder
{
    private const string App = "Ungroup.Functions";

    public static string Find(string ours)
    {
        var folder = Path.GetFullPath(Path.Combine(ours, "..", "..", App, new DirectoryInfo(ours).Name));
        return File.Exists(Path.Combine(folder, $"{App}.dll"))
            ? folder
            : throw new SandboxRefusedException(
                "--host functions runs the function app as a checkout of the repository builds it, and there is none beside this program "
                + $"({folder}); in a checkout, say `dotnet run --project src/Ungroup.Cli -- sandbox --host functions`.");
    }
}
