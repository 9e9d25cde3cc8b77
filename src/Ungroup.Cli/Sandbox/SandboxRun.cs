using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Ungroup.Cli.Amqp;
using Ungroup.Cli.Worker;
using Ungroup.Quotas;

namespace Ungroup.Cli.Sandbox;

/// <summary>A run of the sandbox from the first port to the exit code.</summary>
internal sealed class SandboxRun(SandboxSettings settings, Inputs inputs, DataDirectory? data, Cloud cloud, Shell shell)
{
    // After the last message has ended its event is on its way, or with the sweep, which is half a minute at most.
    private static readonly TimeSpan PatienceForEvents = TimeSpan.FromSeconds(5);

    private readonly Board _board = new(inputs.Lines);
    private readonly Display _display = Display.Of(shell, settings.Plain);
    private readonly BusAddress _bus = AddressOf(cloud);

    private Narrator Narrator => field ??= new(_display, shell.Clock);

    private Signpost Signpost => field ??= new(settings, data, cloud, Narrator);

    public static async Task<int> RunAsync(SandboxSettings settings, Shell shell, CancellationToken stop)
    {
        try
        {
            var inputs = Inputs.Read(settings);
            using var data = settings.Data is null ? null : DataDirectory.Open(settings.Data);
            await using var cloud = await Cloud.StartAsync(settings, inputs, data, shell.Clock, stop);
            return await new SandboxRun(settings, inputs, data, cloud, shell).RunAsync(stop);
        }
        catch (SandboxRefusedException refused)
        {
            return shell.Refuse(refused.Message);
        }
        catch (BadSettingsException bad)
        {
            return shell.Refuse(bad.Sentences);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return ExitCode.NotDone;
        }
    }

    private async Task<int> RunAsync(CancellationToken stop)
    {
        Signpost.Introduce(_bus);
        if (settings.NoWorker)
        {
            await SendAsync(stop);
            return await StayAsync(stop) ? ExitCode.Done : ExitCode.NotDone;
        }

        using var notes = new Notes(Narrator.Warn);
        var surroundings = new WorkerSurroundings(shell.Clock, shell.Chance, new DeliveryWatch(_board.Began, Settled), _ => { });
        using var worker = await SandboxWorker.StartAsync(cloud, AccountsOf(), data, surroundings, notes, stop);
        try
        {
            return await WorkAsync(new(worker.Services.GetRequiredService<QuotaLimiters>(), shell.Clock), stop);
        }
        finally
        {
            await worker.StopAsync(CancellationToken.None);
        }
    }

    private async Task<int> WorkAsync(PaceLine pace, CancellationToken stop)
    {
        var started = shell.Clock.GetTimestamp();
        await using (new OutcomeSubscriber(_bus, Received, shell))
        {
            await _display.FollowAsync(_board, pace, EndedAsync(stop));
        }

        var states = _board.Snapshot();
        if (settings.Report is { } report)
        {
            new ReportFile(report).Write(states.Select(ReportRow.Of));
        }

        _display.Summarize(Summary.Of(states, _board.Told, cloud, shell.Clock.GetElapsedTime(started), settings.Report));
        var isDone = states.All(state => state.End is not null);
        if (settings.Keep && !stop.IsCancellationRequested)
        {
            Narrator.TellsSettlements = true;
            isDone &= await StayAsync(stop);
        }

        return isDone ? ExitCode.Done : ExitCode.NotDone;
    }

    private async Task EndedAsync(CancellationToken stop)
    {
        using var time = new CancellationTokenSource(settings.Timeout, shell.Clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop, time.Token);
        await SendAsync(enough.Token);
        await _board.AllEnded.WaitAsync(enough.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_board.AllEnded.IsCompleted)
        {
            await Task.WhenAny(_board.AllTold, Task.Delay(PatienceForEvents, shell.Clock, stop));
        }
    }

    private async Task SendAsync(CancellationToken enough)
    {
        _board.Start();
        if (inputs.Lines.Count == 0 || enough.IsCancellationRequested)
        {
            return;
        }

        await using var connection = await SendingConnection.OpenAsync(_bus, Cloud.Requests, shell.Clock, CancellationToken.None);
        var sent = await RequestFeed.SendAsync(connection, inputs.Lines.Select(line => (line.MessageId, line.Body)), enough);
        Narrator.Say("sent", $"{sent} messages to {Cloud.Requests}");
    }

    /// <summary>Until it is told to stop; false when the broker, which serves nobody without its journal, ended before that.</summary>
    private async Task<bool> StayAsync(CancellationToken stop)
    {
        _display.Write("");
        Signpost.Stay();
        var serving = cloud.Broker.Completion;
        await serving.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (serving.Exception?.InnerException is { } lost)
        {
            shell.Error.WriteLine($"ungroup: The broker's journal {data?.Journal} cannot be written: {lost.Message}");
        }

        return !serving.IsFaulted;
    }

    private IEnumerable<KeyValuePair<string, string?>> AccountsOf() =>
        settings.Keyless ? SandboxAccounts.Keyless(cloud.Ecs!) : SandboxAccounts.ByKey(inputs.World);

    private void Received(Delivery delivery)
    {
        var outcome = ToldOutcome.Of(delivery.Body);
        Narrator.Received(outcome, _board.Receive(delivery.MessageId));
    }

    private void Settled(Delivery delivery, Settlement settlement) => Narrator.Settled(settlement, _board.Settled(delivery, settlement));

    private static BusAddress AddressOf(Cloud cloud) =>
        BusAddress.TryParse(cloud.Broker.ConnectionString, out var address, out var problem) ? address : throw new FormatException(problem);
}
