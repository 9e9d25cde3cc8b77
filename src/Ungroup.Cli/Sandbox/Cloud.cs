using System.Data.Common;
using System.Net.Sockets;
using Ungroup.Cli.Sandbox.Functions;
using Ungroup.Intake;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Cli.Sandbox;

/// <summary>The servers of a sandbox: a broker and, unless only that was asked for, an ECS.</summary>
internal sealed class Cloud : IAsyncDisposable
{
    public const string Requests = RequestQueues.Removals;
    public const string Incidents = RequestQueues.Incidents;
    public const string Jobs = RequestQueues.Jobs;
    public const string Outcomes = "outcomes";
    public const string AllOutcomes = $"{Outcomes}/Subscriptions/all";

    private Cloud(ServiceBusBroker broker, EcsSimulator? ecs, SentMessages sent) => (Broker, Ecs, Sent) = (broker, ecs, sent);

    public ServiceBusBroker Broker { get; }

    public EcsSimulator? Ecs { get; }

    public SentMessages Sent { get; }

    public long Calls => Ecs?.Requests.Count ?? 0;

    public long LeaveCalls => Ecs?.Requests.CountOf("LeaveSecurityGroup") ?? 0;

    public long DeadLettered => Broker.Counts().Sum(counts => counts.DeadLettered);

    public static async Task<Cloud> StartAsync(
        SandboxSettings settings, Inputs inputs, DataDirectory? data, TimeProvider clock, CancellationToken cancellationToken)
    {
        var ecs = settings.NoEcs ? null : await StartEcsAsync(settings, Kept(inputs.World, data), clock, cancellationToken);
        try
        {
            var sent = new SentMessages(settings.Host);
            var options = OptionsOf(settings, inputs.LargestMessage, data, clock, sent);
            return new(await StartBrokerAsync(options, cancellationToken), ecs, sent);
        }
        catch
        {
            await StopAsync(ecs);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Broker.DisposeAsync();
        await StopAsync(Ecs);
    }

    private static ValueTask StopAsync(EcsSimulator? ecs) => ecs?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task<EcsSimulator> StartEcsAsync(
        SandboxSettings settings, World world, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            return await EcsSimulator.StartAsync(world, new() { Port = settings.EcsPort, Clock = clock }, cancellationToken);
        }
        catch (IOException taken)
        {
            throw new SandboxRefusedException($"--ecs-port {settings.EcsPort}: {taken.Message}");
        }
    }

    private static World Kept(World world, DataDirectory? data)
    {
        try
        {
            return data is null ? world : world.KeptAt(data.World);
        }
        catch (WorldFileException bad)
        {
            throw new SandboxRefusedException($"{bad.Message} It keeps the world of earlier runs; delete it, and the world begins as its own file says.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SandboxRefusedException($"{data!.World}: {exception.Message}");
        }
    }

    private static BrokerOptions OptionsOf(SandboxSettings settings, int largestMessage, DataDirectory? data, TimeProvider clock, SentMessages sent)
    {
        return new()
        {
            Port = settings.Port,
            Key = data?.Key,
            JournalPath = data?.Journal,
            MaxMessageSize = largestMessage,
            Clock = clock,
            Queues = [Queue(Requests), Queue(Incidents), Queue(Jobs)],
            Topics = [Topic(settings.LockDuration, settings.MaxDeliveries)],
            Sent = sent.Add,
        };

        QueueOptions Queue(string name) => new()
        {
            Name = name,
            LockDuration = settings.LockDuration,
            MaxDeliveryCount = settings.MaxDeliveries,
            DefaultTimeToLive = settings.TimeToLive,
            DeadLetterOnExpiry = settings.DeadLetterExpired,
        };
    }

    private static async Task<ServiceBusBroker> StartBrokerAsync(BrokerOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await ServiceBusBroker.StartAsync(options, cancellationToken);
        }
        catch (SocketException taken)
        {
            throw new SandboxRefusedException($"--port {options.Port}: {taken.Message}");
        }
        catch (IOException refused)
        {
            throw new SandboxRefusedException(refused.Message);
        }
        catch (DbException unreadable)
        {
            throw new SandboxRefusedException($"The broker's journal {options.JournalPath} cannot be used: {unreadable.Message}");
        }
    }

    /// <summary>As in infra/service-bus.bicep.</summary>
    public static TopicOptions Topic(TimeSpan lockDuration, int maxDeliveries = 10) => new()
    {
        Name = Outcomes,
        DefaultTimeToLive = TimeSpan.FromDays(7),
        DuplicateDetectionWindow = TimeSpan.FromMinutes(10),
        Subscriptions =
        [
            new() { Name = "all", LockDuration = lockDuration, MaxDeliveryCount = maxDeliveries },
            new()
            {
                Name = "failures",
                LockDuration = lockDuration,
                MaxDeliveryCount = maxDeliveries,
                Filter = "status IN ('Failed', 'Rejected', 'Refused', 'Expired', 'PartlyContained', 'PartlyRestored', 'Broken', 'Stopped')",
            },
        ],
    };
}
