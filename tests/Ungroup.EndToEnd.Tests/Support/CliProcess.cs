using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Ungroup.EndToEnd.Tests.Support;

/// <summary><c>ungroup</c> in a process of its own, to be killed as a power cut would, or stopped as an operator would.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    // Beside the tests: artifacts/bin/Ungroup.Cli/<configuration>.
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Ungroup.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "Ungroup.Cli.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private CliProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Its last lines, for the message of a test that fails.</summary>
    public string Output => string.Join('\n', Lines.TakeLast(200));

    /// <summary>Everything that it has printed.</summary>
    public IReadOnlyCollection<string> Lines => _output;

    public bool HasExited => _process.HasExited;

    /// <summary>Resident memory, in bytes, as the operating system counts it.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public static CliProcess Start(IEnumerable<string> arguments, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet", ["exec", Program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Waits for a line that begins like this, and returns the rest of it.</summary>
    public async Task<string> LineAsync(string beginning, CancellationToken cancellationToken)
    {
        string? line = null;
        await UntilAsync(
            () => (line = _output.FirstOrDefault(printed => printed.StartsWith(beginning, StringComparison.Ordinal))) is not null,
            () => $"no line '{beginning}…'",
            cancellationToken);
        return line![beginning.Length..].Trim();
    }

    /// <summary>Waits for a fact while this process runs; the time-out is only there so that a broken build ends.</summary>
    public Task UntilAsync(Func<bool> fact, Func<string> otherwise, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(fact()), otherwise, cancellationToken);

    public async Task UntilAsync(Func<Task<bool>> fact, Func<string> otherwise, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(LongestWait, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await fact())
        {
            if (time.IsCancellationRequested || HasExited)
            {
                Assert.Fail($"{otherwise()}, process {(HasExited ? "gone" : "running")}:\n{Output}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return await EndAsync(cancellationToken);
    }

    /// <summary>Waits until it ends by itself; returns the exit code.</summary>
    public async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
