using System.Globalization;
using System.Text;
using Ungroup.Cli.Sandbox;
using Ungroup.Sandbox.Ecs;
using Xunit.Sdk;

namespace Ungroup.EndToEnd.Tests.Crash;

/// <summary>A worker and a broker, each killed and started again apart from the other, and an ECS that lives through it and counts.</summary>
internal sealed class CrashSite : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly WorkerLedger _ledger;
    private readonly BrokerProcess _broker;
    private CliProcess? _worker;
    private ToldOutcomes? _told;

    private CrashSite(DirectoryInfo folder, WorkerLedger ledger, EcsSimulator ecs)
    {
        (_folder, _ledger, Ecs) = (folder, ledger, ecs);
        _broker = new(folder.CreateSubdirectory("broker"));
    }

    public EcsSimulator Ecs { get; }

    public ToldOutcomes Told => _told ?? throw new InvalidOperationException("Nobody listens yet.");

    /// <summary>The worker that runs now, or ran last.</summary>
    public CliProcess Worker => _worker ?? throw new InvalidOperationException("Not started.");

    private string Bus => _broker.ConnectionString;

    public static async Task<CrashSite> StartAsync(World world, Func<DirectoryInfo, Task<WorkerLedger>> ledger, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ungroup-crash-");
        var site = new CrashSite(folder, await ledger(folder), await EcsSimulator.StartAsync(world, ct: cancellationToken));
        await site._broker.StartAsync(cancellationToken);
        site._told = new(site.Bus);
        return site;
    }

    public Task SendAsync(IEnumerable<(string MessageId, string Body)> requests, CancellationToken cancellationToken) =>
        RunningCloud.SendAsync(Bus, requests, cancellationToken);

    public void StartWorker() => _worker = WorkerProcess.Start(
        _broker.ConnectionString, Ecs.Address, _ledger, [],

        // An outcome that could not be told while the broker was away, of a message that is gone, waits half a minute for a sweep; no
        // need to wait for the next one as well.
        ("UNGROUP__Worker__SweepEvery", "00:00:02"),

        // The world's throttling is of single calls; a quota that is learned anew after each of them would only make this long.
        WorkerProcess.LargeQuota,
        ("UNGROUP__Pace__Quotas__JoinSecurityGroup", "1000000"),
        ("UNGROUP__Pace__Quotas__DescribeInstances", "1000000"),
        ("UNGROUP__Pace__Quotas__DescribeNetworkInterfaces", "1000000"));

    public async Task KillAndStartAsync(Victim victim, CancellationToken cancellationToken)
    {
        if (victim == Victim.Worker)
        {
            await Worker.DisposeAsync();
            StartWorker();
        }
        else
        {
            await _broker.KillAsync(cancellationToken);
            await _broker.StartAsync(cancellationToken);
        }
    }

    public Task UntilCallsAsync(int calls, CancellationToken cancellationToken) =>
        Worker.UntilAsync(() => Ecs.Requests.Count >= calls, () => $"{Ecs.Requests.Count} of {calls} calls", cancellationToken);

    public WorkerLedger Ledger => _ledger;

    /// <summary>Waits until everything was told and no message is left, neither locked nor scheduled, and the worker can be asked to stop.</summary>
    public async Task UntilEndedAsync(int requests, CancellationToken cancellationToken)
    {
        try
        {
            await Worker.UntilAsync(() => Told.Count >= requests, () => $"told {Told.Count} of {requests}", cancellationToken);
        }
        catch (XunitException)
        {
            Assert.Fail(await WhatIsLeftAsync(requests, cancellationToken));
        }

        foreach (var queue in (string[])["removals", "removals-jobs", Cloud.AllOutcomes])
        {
            await Worker.UntilAsync(async () => (await PeekAsync(queue, cancellationToken)).Count == 0, () => $"{queue} not empty", cancellationToken);
        }

        // Killed at the last moment it has just been started, and hears no signal yet.
        await Worker.UntilAsync(() => Worker.Lines.Count > 0, () => "the worker has not said a line", cancellationToken);
    }

    /// <summary>For a run that does not end: where each request that was not told is, by its ledger and by its broker.</summary>
    private async Task<string> WhatIsLeftAsync(int requests, CancellationToken cancellationToken)
    {
        var left = new StringBuilder();
        foreach (var request in Missing(requests))
        {
            var terminal = new Terminal();
            await terminal.RunAsync(cancellationToken, ["status", request, .. _ledger.Arguments]);
            left.AppendLine(CultureInfo.InvariantCulture, $"{request}: {terminal.Out}{terminal.Error}");
        }

        foreach (var queue in (string[])["removals", "removals/$DeadLetterQueue", Cloud.AllOutcomes, $"{Cloud.AllOutcomes}/$DeadLetterQueue"])
        {
            left.AppendLine(CultureInfo.InvariantCulture, $"{queue}: {string.Join(", ", await PeekAsync(queue, cancellationToken))}");
        }

        return left.Append(Worker.Output).ToString();
    }

    private IEnumerable<string> Missing(int requests) => Enumerable.Range(0, requests).Select(number => $"r-{number}")
        .Except(Told.Each().Select(outcome => outcome["data"]!["requestId"]!.GetValue<string>()));

    /// <summary>The ids of what a queue holds.</summary>
    public Task<IReadOnlyList<string>> PeekAsync(string queue, CancellationToken cancellationToken) => QueuePeek.IdsAsync(Bus, queue, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await (_worker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_told?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _broker.DisposeAsync();
        await Ecs.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
