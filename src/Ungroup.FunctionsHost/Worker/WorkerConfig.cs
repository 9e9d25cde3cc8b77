using System.Runtime.InteropServices;
using Ungroup.FunctionsHost.Files;

namespace Ungroup.FunctionsHost.Worker;

internal sealed record WorkerConfig(string Program, IReadOnlyList<string> Arguments)
{
    public static WorkerConfig Read(string directory)
    {
        var description = AppFiles.At(AppFiles.Read(directory, "worker.config.json"), "description");
        var worker = Path.Combine(directory, $"{description["defaultWorkerPath"]}");
        if (!File.Exists(worker))
        {
            throw new FunctionsHostException($"{worker}, which worker.config.json names, is not there; build the function app.");
        }

        return $"{description["defaultExecutablePath"]}" is "dotnet" ? new(Dotnet(), [worker]) : new(worker, []);
    }

    // The one that runs this process: there may be several, or none on the path.
    private static string Dotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var program = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(program) ? program : "dotnet";
    }
}
