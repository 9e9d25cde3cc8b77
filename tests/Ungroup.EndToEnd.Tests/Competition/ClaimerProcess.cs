using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Ungroup.Ledger;

namespace Ungroup.EndToEnd.Tests.Competition;

/// <summary>A claimer's word on what it did.</summary>
internal sealed record Told(string What, int Key, int Epoch, string Owner);

/// <summary>Many claimers in a process of their own, to be let go, listened to and killed.</summary>
internal sealed class ClaimerProcess : IAsyncDisposable
{
    // Beside the tests: artifacts/bin/Ungroup.Claimers/<configuration>.
    private static readonly string Program = Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Ungroup.Claimers", new DirectoryInfo(AppContext.BaseDirectory).Name, "Ungroup.Claimers.dll");

    private readonly Process _process;
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentQueue<Told> _told = new();
    private readonly ConcurrentQueue<string> _errors = new();

    private ClaimerProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => _errors.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public IReadOnlyCollection<Told> Told => _told;

    public static async Task<ClaimerProcess> StartAsync(LedgerOptions ledger, int claimers, int keys)
    {
        var start = new ProcessStartInfo(
            Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet",
            ["exec", Program, claimers.ToString(CultureInfo.InvariantCulture), keys.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = new ClaimerProcess(Process.Start(start)!);
        await process._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(ledger));
        await process._process.StandardInput.FlushAsync();
        await Task.WhenAny(process._ready.Task, process._process.WaitForExitAsync());
        Assert.True(process._ready.Task.IsCompleted, string.Join('\n', process._errors));
        return process;
    }

    public void Begin()
    {
        _process.StandardInput.WriteLine("begin");
        _process.StandardInput.Flush();
    }

    public async Task EndedAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        Assert.True(_process.ExitCode == 0, string.Join('\n', _errors));
    }

    /// <summary>kill -9; what it said until then counts.</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line == "ready")
        {
            _ready.SetResult();
        }
        else if (line?.Split(' ') is [var what, var key, var epoch, var owner])
        {
            _told.Enqueue(new(what, int.Parse(key, CultureInfo.InvariantCulture), int.Parse(epoch, CultureInfo.InvariantCulture), owner));
        }
    }
}
