using Microsoft.Extensions.Hosting;
using Spectre.Console;
using Ungroup.Cli.Amqp;
using Ungroup.Cli.Worker;

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
        Introduce();
        if (settings.NoWorker)
        {
            await SendAsync(stop);
            await StayAsync(stop);
            return ExitCode.Done;
        }

        using var notes = new Notes(Narrator.Warn);
        var surroundings = new WorkerSurroundings(shell.Clock, shell.Chance, new DeliveryWatch(_board.Began, Settled), _ => { });
        using var worker = await SandboxWorker.StartAsync(cloud, AccountsOf(), data, surroundings, notes, stop);
        try
        {
            return await WorkAsync(stop);
        }
        finally
        {
            await worker.StopAsync(CancellationToken.None);
        }
    }

    private async Task<int> WorkAsync(CancellationToken stop)
    {
        var started = shell.Clock.GetTimestamp();
        await using (new OutcomeSubscriber(_bus, Received, shell))
        {
            await _display.FollowAsync(_board, EndedAsync(stop));
        }

        var states = _board.Snapshot();
        if (settings.Report is { } report)
        {
            new ReportFile(report).Write(states.Select(ReportRow.Of));
        }

        _display.Summarize(Summary.Of(states, _board.Told, cloud, shell.Clock.GetElapsedTime(started), settings.Report));
        if (settings.Keep && !stop.IsCancellationRequested)
        {
            Narrator.TellsSettlements = true;
            await StayAsync(stop);
        }

        return states.All(state => state.End is not null) ? ExitCode.Done : ExitCode.NotDone;
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

    private void Introduce()
    {
        var taken = settings.Port != 0 && cloud.Broker.Port != settings.Port ? $"   (port {settings.Port} is taken)" : "";
        Narrator.Say("broker", $"{_bus}{taken}");
        Narrator.Say("ecs", $"{cloud.Ecs.Address}");
        Narrator.Say("world", Markup.Escape(settings.World ?? "the built-in sample"));
        Narrator.Say("ledger", Markup.Escape(data?.Ledger ?? "in memory"));
    }

    private async Task StayAsync(CancellationToken stop)
    {
        _display.Write("");
        Narrator.Say("running", "until Ctrl+C; what you send is worked on, and outcomes wait for you to receive them");
        Narrator.Offer("bus", cloud.Broker.ConnectionString);
        Narrator.Offer("ecs", $"{cloud.Ecs.Address}");
        Narrator.Offer("state", $"{cloud.Ecs.Address}_sim/state");
        Narrator.Offer("keyless", string.Join(' ', SandboxAccounts.Variables(cloud.Ecs)));
        Narrator.Offer("send", $"ungroup send --bus '{cloud.Broker.ConnectionString}' --queue {Cloud.Requests} FILE");
        await Task.Delay(Timeout.InfiniteTimeSpan, shell.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private IEnumerable<KeyValuePair<string, string?>> AccountsOf() =>
        settings.Keyless ? SandboxAccounts.Keyless(cloud.Ecs) : SandboxAccounts.ByKey(inputs.World);

    private void Received(Delivery delivery)
    {
        var outcome = ToldOutcome.Of(delivery.Body);
        Narrator.Received(outcome, _board.Receive(delivery.MessageId));
    }

    private void Settled(Delivery delivery, Settlement settlement) => Narrator.Settled(settlement, _board.Settled(delivery, settlement));

    private static BusAddress AddressOf(Cloud cloud) =>
        BusAddress.TryParse(cloud.Broker.ConnectionString, out var address, out var problem) ? address : throw new FormatException(problem);
}
