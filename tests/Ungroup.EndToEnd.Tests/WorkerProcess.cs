using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ungroup.EndToEnd.Tests;

/// <summary><c>ungroup worker</c> in a process of its own, to be killed as a power cut would, or stopped as an operator would.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    // Beside the tests: artifacts/bin/Ungroup.Cli/<configuration>.
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Ungroup.Cli", new DirectoryInfo(AppContext.BaseDirectory).Name, "Ungroup.Cli.dll");

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();

    private WorkerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it printed, for the message of a test that fails.</summary>
    public string Output => string.Join('\n', _output.TakeLast(200));

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

    public static WorkerProcess Start(RunningCloud cloud, string ledger, params IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
        [
            "exec", Program, "worker", "--bus", cloud.Broker.ConnectionString,
            "--ecs-endpoint", cloud.Ecs.Address.ToString(), "--ledger", "sqlite", "--ledger-path", ledger, "--queue", "removals",
        ])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in (ReadOnlySpan<(string, string)>)
        [
            ("UNGROUP__Accounts__default__Credentials", "Static"),
            ("UNGROUP__Accounts__default__AccessKeyId", "sandbox-key"),
            ("UNGROUP__Accounts__default__AccessKeySecret", "sandbox-secret"),
            .. environment,
        ])
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
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
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
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
