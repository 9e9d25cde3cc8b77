using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Sandbox.Functions;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;
using Ungroup.Cli.Sandbox.Screen;
using Ungroup.Cli.Worker;
using Ungroup.Messages;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Sandbox;

internal sealed class SandboxRun(SandboxSettings settings, Inputs inputs, DataDirectory? data, Cloud cloud, Shell shell)
{
    // After the last message has ended its event is on its way, or comes with the sweep, which takes half a minute at most.
    private static readonly TimeSpan PatienceForEvents = TimeSpan.FromSeconds(5);

    private readonly Board _board = new(inputs.Lines);
    private readonly RunDisplay _display = RunDisplay.Of(shell, settings.Plain);
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
        await using var host = await StartHostAsync(notes, stop);
        return await WorkAsync(host, stop);
    }

    private async Task<ISandboxHost> StartHostAsync(Notes notes, CancellationToken stop)
    {
        var watch = new DeliveryWatch(_board.Began, Settled);
        return settings.Host == SandboxHostKind.Functions
            ? await SandboxFunctionApp.StartAsync(new(settings, data, cloud, AccountsOf(), Narrator) { Clock = shell.Clock }, watch, stop)
            : await SandboxWorker.StartAsync(cloud, AccountsOf(), data, new(shell.Clock, shell.Chance, watch, _ => { }), notes, stop);
    }

    private async Task<int> WorkAsync(ISandboxHost host, CancellationToken stop)
    {
        var started = shell.Clock.GetTimestamp();
        await using (await OutcomeSubscriber.StartAsync(cloud.Broker.ConnectionString, Received))
        {
            await _display.FollowAsync(_board, host.Pace, EndedAsync(host, stop));
        }

        var states = _board.Snapshot();
        if (settings.Report is { } report)
        {
            new ReportFile(report).Write(states.Select(state => ReportRow.Of(state, host.CountsCalls)));
        }

        _display.Summarize(Summary.Of(states, _board.Told, cloud, shell.Clock.GetElapsedTime(started), settings.Report));
        var isDone = states.All(state => state.End is not null);
        if (settings.Keep && !stop.IsCancellationRequested)
        {
            Narrator.TellsSettlements = true;
            isDone &= await StayAsync(stop, host);
        }

        return isDone && !HasGivenUp(host) ? ExitCode.Done : ExitCode.NotDone;
    }

    private bool HasGivenUp(ISandboxHost host)
    {
        if (host.Completion.Exception?.InnerException is { } failure)
        {
            shell.Error.WriteLine($"ungroup: {failure.Message}");
        }

        return host.Completion.IsFaulted;
    }

    private async Task EndedAsync(ISandboxHost host, CancellationToken stop)
    {
        using var time = new CancellationTokenSource(settings.Timeout, shell.Clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop, time.Token);
        var feed = FeedAsync(enough.Token);
        await Task.WhenAny(AllEndedAsync(feed), host.Completion).WaitAsync(enough.Token).ContinueWith(_ => { }, TaskScheduler.Default);
        await enough.CancelAsync();
        await feed;
        if (_board.AllEnded.IsCompleted)
        {
            await Task.WhenAny(_board.AllTold, Task.Delay(PatienceForEvents, shell.Clock, stop));
        }
    }

    private async Task AllEndedAsync(Task feed)
    {
        await feed;
        await _board.AllEnded;
    }

    private async Task FeedAsync(CancellationToken enough)
    {
        _board.Start();
        await using var client = new ServiceBusClient(cloud.Broker.ConnectionString);
        var feed = new LineFeed(client.CreateSender(Cloud.Requests), inputs.Lines);
        SaySent(await feed.SendFirstAsync(enough), feed.Followers);
        await feed.SendFollowersAsync(_board.DoneAsync, enough);
    }

    private void SaySent(int sent, int followers)
    {
        if (sent > 0)
        {
            var rest = followers == 0 ? "" : $"; {followers} more, each after the line with its key before it";
            Narrator.Say("sent", $"{sent} messages to {Cloud.Requests}{rest}");
        }
    }

    private async Task SendAsync(CancellationToken enough)
    {
        await using var client = new ServiceBusClient(cloud.Broker.ConnectionString);
        SaySent(await RequestFeed.SendAsync(client.CreateSender(Cloud.Requests), inputs.Lines.Select(line => (line.MessageId, line.Body)), enough), followers: 0);
    }

    /// <summary>Returns false when the broker ended before it was told to: it serves nobody without its journal.</summary>
    private async Task<bool> StayAsync(CancellationToken stop, ISandboxHost? host = null)
    {
        _display.Write("");
        Signpost.Stay();
        var serving = cloud.Broker.Completion;
        Task ended = host is null ? serving : Task.WhenAny(serving, host.Completion);
        await ended.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (serving.Exception?.InnerException is { } lost)
        {
            shell.Error.WriteLine($"ungroup: The broker's journal {data?.Journal} cannot be written: {lost.Message}");
        }

        return !serving.IsFaulted;
    }

    private IEnumerable<KeyValuePair<string, string?>> AccountsOf() =>
        settings.Keyless ? SandboxAccounts.Keyless(cloud.Ecs!) : SandboxAccounts.ByKey(inputs.World);

    private void Received(ServiceBusReceivedMessage message)
    {
        if (!_board.Receive(message.MessageId))
        {
            return;
        }

        if (JobNews.Read(message.Body) is { } news)
        {
            _board.Heard(news, message.MessageId);
            Narrator.Received(news);
        }
        else if (OutcomeFacts.Read(message.Body) is { RequestId: not null, JobId: not null } ofAJob)
        {
            _board.Heard(ofAJob);
        }
        else
        {
            Narrator.Received(OutcomeFacts.Read(message.Body));
        }
    }

    private void Settled(Delivery delivery, Settlement settlement)
    {
        var line = _board.Settled(delivery, settlement);
        if (!_board.IsOfAJob(delivery))
        {
            Narrator.Settled(settlement, line);
        }
    }

    private static BusAddress AddressOf(Cloud cloud) =>
        BusAddress.TryParse(cloud.Broker.ConnectionString, out var address, out var problem) ? address : throw new FormatException(problem);
}
