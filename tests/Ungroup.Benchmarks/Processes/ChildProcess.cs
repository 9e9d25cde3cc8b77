using System.Diagnostics;
using System.Reflection;

namespace Ungroup.Benchmarks.Processes;

/// <summary>A process beside this one, so that its time on the cores is its own. It says when it is ready and answers in lines.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private ChildProcess(Process process, long started) => (_process, Started) = (process, started);

    /// <summary>The timestamp just before it was started.</summary>
    public long Started { get; }

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Resident, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>This program again, as a server.</summary>
    /// <param name="spins">
    /// As servers do. Without, its threads sleep as soon as they have nothing to do: what they spin before that is taken from contenders
    /// that keep the same cores busy, and which in life are on others.
    /// </param>
    /// <param name="arguments">Say what it serves.</param>
    public static ChildProcess StartServer(bool spins, params IEnumerable<string> arguments)
    {
        Action<ProcessStartInfo> prepare = spins ? _ => { } : start => start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        return Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Start("dotnet", [typeof(ChildProcess).Assembly.Location, .. arguments], prepare)
            : Start(Environment.ProcessPath!, arguments, prepare);
    }

    /// <summary>This program again, on a runtime with the settings of another one that is in it.</summary>
    public static ChildProcess StartSelfAs(Assembly program, params IEnumerable<string> arguments) => Start(
        "dotnet",
        ["exec", "--runtimeconfig", Path.ChangeExtension(program.Location, ".runtimeconfig.json"), typeof(ChildProcess).Assembly.Location, .. arguments]);

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static ChildProcess Start(string program, params IEnumerable<string> arguments) => Start(program, arguments, _ => { });

    private static ChildProcess Start(string program, IEnumerable<string> arguments, Action<ProcessStartInfo> prepare)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        prepare(start);
        var started = Stopwatch.GetTimestamp();
        return new(Process.Start(start)!, started);
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience, TimeProvider.System)
        ?? throw new InvalidOperationException($"The process '{string.Join(' ', _process.StartInfo.ArgumentList)}' has ended.");

    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
        return await ReadLineAsync();
    }

    /// <summary>Reads on, to nowhere: a program whose output nobody reads stops at a full pipe.</summary>
    public void Drain() => _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
