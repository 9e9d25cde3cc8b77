using System.Diagnostics;

namespace Ungroup.EndToEnd.Tests.Interop;

/// <summary>Runs the scripts beside this file with Node.js and the official clients; skips with a sentence where they are not installed.</summary>
internal static class JavaScript
{
    private const string Install = "run `npm ci` in tests/Ungroup.EndToEnd.Tests/Interop, with Node.js 20 or newer on the PATH";

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(4);

    public static string Folder { get; } = FindFolder();

    public static async Task<(int ExitCode, string Output)> RunAsync(string script, params IEnumerable<string> arguments)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "node_modules")), $"The official JavaScript clients are not installed: {Install}.");

        var start = new ProcessStartInfo("node") { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(script);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var stop = new CancellationTokenSource(Longest, TimeProvider.System);
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync(stop.Token);
        var errors = process.StandardError.ReadToEndAsync(stop.Token);
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{script} did not end within {Longest}.");
        }

        return (process.ExitCode, await output + await errors);
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"Node.js is not installed: {Install}.");
            throw;
        }
    }

    private static string FindFolder()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Functions.sln")))
        {
            root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException($"No Functions.sln above {AppContext.BaseDirectory}.");
        }

        return Path.Combine(root, "tests", "Ungroup.EndToEnd.Tests", "Interop");
    }
}
