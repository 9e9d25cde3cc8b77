using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ungroup.FunctionsHost.Worker;

/// <summary>An app's process. It does not end with its host by itself, so it is ended with this process, however that is asked to go.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly PosixSignalRegistration[] _signals;
    private int _asked;

    private WorkerProcess(Process process)
    {
        _process = process;
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Asked), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Asked)];
        AppDomain.CurrentDomain.ProcessExit += End;
        AppDomain.CurrentDomain.UnhandledException += End;
    }

    public int Id => _process.Id;

    public Task<int> Exited { get; private set; } = Task.FromResult(0);

    public static WorkerProcess Start(WorkerStart what, string workerId, Action<string> wrote)
    {
        var start = new ProcessStartInfo(what.Config.Program, [.. what.Config.Arguments, .. Arguments(what.Address, workerId)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = what.AppDirectory,
        };
        WorkerEnvironment.Fill(start.Environment, what.AppDirectory, what.Settings);
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.Start();
        var worker = new WorkerProcess(process);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        worker.Exited = worker.ExitAsync();
        return worker;

        void Write(string? line)
        {
            if (!string.IsNullOrWhiteSpace(line))
            {
                wrote(line);
            }
        }
    }

    public void Kill() => End(this, EventArgs.Empty);

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= End;
        AppDomain.CurrentDomain.UnhandledException -= End;
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        Kill();
        _process.Dispose();
    }

    private static IEnumerable<string> Arguments(Uri address, string workerId)
    {
        var request = Guid.NewGuid().ToString();
        var largest = int.MaxValue.ToString(CultureInfo.InvariantCulture);
        return
        [
            "--host", address.Host, "--port", address.Port.ToString(CultureInfo.InvariantCulture),
            "--workerId", workerId, "--requestId", request, "--grpcMaxMessageLength", largest,
            "--functions-uri", address.ToString(), "--functions-worker-id", workerId, "--functions-request-id", request,
            "--functions-grpc-max-message-length", largest,
        ];
    }

    private async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    // After the first signal the host ends its worker in its own time; after the second it has no such time.
    private void Asked(PosixSignalContext signal)
    {
        if (Interlocked.Increment(ref _asked) > 1)
        {
            Kill();
        }
    }

    private void End(object? sender, EventArgs arguments)
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
        }
    }
}

internal sealed record WorkerStart(string AppDirectory, WorkerConfig Config, Uri Address, IReadOnlyDictionary<string, string> Settings);
