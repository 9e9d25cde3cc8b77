using System.ComponentModel;

namespace Ungroup.Benchmarks.Processes;

/// <summary>A script of js/ with the official JavaScript clients, in a process of its own.</summary>
internal static class NodeScript
{
    public const string HowToInstall =
        "The official JavaScript clients are left out: install Node.js 20 or newer and run `npm ci` in tests/Ungroup.Benchmarks/js.";

    private static readonly string Folder = Path.Combine(Checkout.Root, "tests", "Ungroup.Benchmarks", "js");

    public static bool IsInstalled => Directory.Exists(Path.Combine(Folder, "node_modules"));

    /// <summary>Started, and ready by its own word; null where Node.js or the clients are not installed.</summary>
    public static async Task<ChildProcess?> StartAsync(string script, params IEnumerable<string> arguments)
    {
        if (!IsInstalled)
        {
            return null;
        }

        try
        {
            var process = ChildProcess.Start("node", [Path.Combine(Folder, script), .. arguments]);
            await process.ReadLineAsync();
            return process;
        }
        catch (Win32Exception)
        {
            // There is no node.
            return null;
        }
    }
}
