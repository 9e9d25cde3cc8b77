using System.Text;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Cli.Sandbox;

/// <summary>The world and the lines of a run, read before anything is started.</summary>
internal sealed record Inputs(World World, IReadOnlyList<RequestLine> Lines)
{
    private const int MessageSize = 1024 * 1024;

    // Id, properties and framing of a message.
    private const int Overhead = 4 * 1024;

    /// <summary>A line is sent whatever its length: the worker has to refuse it, not the broker.</summary>
    public int LargestMessage => Math.Max(MessageSize, Lines.Select(line => line.Body.Length).DefaultIfEmpty().Max() + Overhead);

    public static Inputs Read(SandboxSettings settings)
    {
        if (settings.Report is { } report)
        {
            ReportFile.Check(report);
        }

        return new(ReadWorld(settings.World), [.. RequestLine.Split(ReadRequests(settings))]);
    }

    private static World ReadWorld(string? path)
    {
        try
        {
            return path is null ? World.Sample : World.Load(path);
        }
        catch (WorldFileException bad)
        {
            throw new SandboxRefusedException(bad.Message);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxRefusedException($"--world {path}: {Why(exception)}");
        }
    }

    // A world of one's own has none of the sample's resources.
    private static byte[] ReadRequests(SandboxSettings settings)
    {
        try
        {
            return settings.Requests is { } path ? File.ReadAllBytes(path)
                : settings.World is null && !settings.NoWorker ? Encoding.UTF8.GetBytes(Sample())
                : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxRefusedException($"--requests {settings.Requests}: {Why(exception)}");
        }
    }

    private static string Sample()
    {
        using var stream = typeof(Inputs).Assembly.GetManifestResourceStream("sample-requests.jsonl")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static string Why(Exception exception) =>
        exception is FileNotFoundException or DirectoryNotFoundException ? "there is no such file." : exception.Message;
}
