using System.Diagnostics;
using System.Runtime.InteropServices;
using Ungroup.Benchmarks.Processes;

namespace Ungroup.Benchmarks.Starts;

/// <summary>A way to publish <c>ungroup</c> or the function app.</summary>
internal sealed record PublishForm(string Name, string Project, params string[] Arguments);

/// <summary>One of them, published into a folder; symbols do not count into its size.</summary>
internal sealed record Publication(PublishForm Form, string Folder, long Bytes, int Files)
{
    public const string Worker = "Ungroup.Cli";
    public const string FunctionApp = "Ungroup.Functions";

    // The lists of packages know no other.
    private const string Runtime = "linux-x64";

    public static IReadOnlyList<PublishForm> Forms { get; } =
    [
        new("worker, JIT", Worker),
        new("worker, ReadyToRun", Worker, "-p:PublishReadyToRun=true"),

        // With the stand-in for the worker's Service Bus extension, where the feed has no other.
        new("function app, JIT", FunctionApp, "-p:AllowStandIn=true"),
        new("function app, ReadyToRun", FunctionApp, "-p:AllowStandIn=true", "-p:PublishReadyToRun=true"),
    ];

    public static async Task<Publishing> MakeAsync(PublishForm form, DirectoryInfo home)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            return new Publishing.LeftOut($"this is {RuntimeInformation.RuntimeIdentifier}, and the worker is published for {Runtime}.");
        }

        // A folder of its own for what is built on the way, too: nothing of it may be taken for a build of the work tree.
        var folder = Path.Combine(home.FullName, form.Name.Replace(", ", "-", StringComparison.Ordinal).Replace(' ', '-'));
        var output = Path.Combine(folder, "out");
        var (code, said) = await RunAsync(
            "dotnet",
            [
                "publish", Path.Combine(Checkout.Root, "src", form.Project), "--configuration", "Release", "--runtime", Runtime, "--no-self-contained",
                "--artifacts-path", folder, "--output", output, "-p:RunAnalyzers=false", .. form.Arguments,
            ]);
        if (code != 0)
        {
            return new Publishing.LeftOut($"`dotnet publish {string.Join(' ', form.Arguments)}` ended with {code}:\n{said}");
        }

        FileInfo[] files = [.. new DirectoryInfo(output).EnumerateFiles("*", SearchOption.AllDirectories).Where(IsNeeded)];
        return new Publishing.Done(new(form, output, files.Sum(file => file.Length), files.Length));
    }

    private static bool IsNeeded(FileInfo file) => file.Extension is not (".pdb" or ".dbg");

    private static async Task<(int Code, string Said)> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}

/// <summary>Its result.</summary>
internal abstract record Publishing
{
    private Publishing()
    {
    }

    public sealed record Done(Publication Publication) : Publishing;

    public sealed record LeftOut(string Why) : Publishing;
}
