using System.Collections.Concurrent;
using Azure.Messaging.ServiceBus;
using Ungroup.FunctionsHost;

namespace Ungroup.EndToEnd.Tests.Functions;

/// <summary>The function app in a process of its own, as it is built, driven by the small host; with a ledger and settings of its own.</summary>
internal sealed class FunctionApp : IAsyncDisposable
{
    // Far more than any test waits for; only there so that a broken build ends.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ungroup-app-");
    private readonly ConcurrentQueue<ServiceBusReceivedMessage> _began = new();
    private readonly ConcurrentQueue<(string MessageId, MessageVerdict Verdict)> _settled = new();
    private readonly ConcurrentQueue<AppLogLine> _lines = new();
    private readonly ConcurrentQueue<string> _told = new();

    /// <summary>Beside the tests: artifacts/bin/Ungroup.Functions/&lt;configuration&gt;.</summary>
    public static string BuildOutput { get; } = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "..", "..", "Ungroup.Functions", new DirectoryInfo(AppContext.BaseDirectory).Name));

    public Dictionary<string, string> Settings { get; } = new()
    {
        ["Accounts__default__Credentials"] = "Static",
        ["Accounts__default__AccessKeyId"] = "sandbox-key",
        ["Accounts__default__AccessKeySecret"] = "sandbox-secret",
        ["Ledger__Kind"] = "Sqlite",

        // Known, and too large to be met: what is tested is not how a quota is learned.
        ["Pace__Quotas__LeaveSecurityGroup"] = "1000000",
    };

    public string AppDirectory { get; init; } = BuildOutput;

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Every time a function was given a message.</summary>
    public IReadOnlyCollection<ServiceBusReceivedMessage> Began => _began;

    public IReadOnlyCollection<(string MessageId, MessageVerdict Verdict)> Settled => _settled;

    public IReadOnlyCollection<AppLogLine> Lines => _lines;

    /// <summary>The host's lines about itself.</summary>
    public IReadOnlyCollection<string> Told => _told;

    public LaptopHost Host => Running ?? throw new InvalidOperationException("Not started.");

    private LaptopHost? Running { get; set; }

    public Task StartAsync(RunningCloud cloud, CancellationToken cancellationToken) =>
        StartAsync(cloud.Broker.ConnectionString, cloud.Ecs.Address, cancellationToken);

    public async Task StartAsync(string bus, Uri ecs, CancellationToken cancellationToken)
    {
        Settings["ServiceBus"] = bus;
        Settings["Ecs__Endpoint"] = ecs.ToString();
        Settings["Ledger__Path"] = Path.Combine(_folder.FullName, "ledger.db");
        Running = await LaptopHost.StartAsync(
            new()
            {
                AppDirectory = AppDirectory,
                Settings = Settings,
                HttpPort = 0,
                Clock = Clock,
                Watch = new()
                {
                    Began = _began.Enqueue,
                    Settled = (message, verdict) => _settled.Enqueue((message.MessageId, verdict)),
                    Logged = _lines.Enqueue,
                    Told = _told.Enqueue,
                },
            },
            cancellationToken);
    }

    /// <summary>The app as it was built, with another host.json.</summary>
    public static string CopyWith(Scratch scratch, string hostJson)
    {
        var copy = scratch.At("app");
        foreach (var file in Directory.EnumerateFiles(BuildOutput, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(BuildOutput, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        File.WriteAllText(Path.Combine(copy, "host.json"), hostJson);
        return copy;
    }

    /// <summary>Waits for a fact, as long as the host can go on.</summary>
    public async Task UntilAsync(Func<Task<bool>> fact, Func<string> otherwise, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(LongestWait, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await fact())
        {
            if (time.IsCancellationRequested || Host.Completion.IsFaulted)
            {
                Assert.Fail($"{otherwise()}\n{string.Join('\n', _told)}\n{string.Join('\n', _lines.TakeLast(50))}");
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public Task UntilAsync(Func<bool> fact, Func<string> otherwise, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(fact()), otherwise, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await (Running?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Delete(recursive: true);
    }
}
