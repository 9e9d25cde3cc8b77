using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Pace;

namespace Ungroup.Benchmarks.Regions;

/// <summary>What circuits, quotas and the room of a queue cost for one message, by how many regions others have named before it.</summary>
internal static class RegionsBenchmark
{
    private const int Messages = 20_000;

    private static readonly int[] Named = [1, 100, 1_000, 14_000];

    public static async Task RunAsync()
    {
        Console.WriteLine();
        Console.WriteLine($"regions: {Messages:#,0} messages for one region, after others have named so many");
        var table = new Table("regions named before", "CPU µs/message", "bytes/message");
        foreach (var named in Named)
        {
            var worker = new Handling();
            for (var region = 1; region <= named; region++)
            {
                worker.Handle(region);
            }

            await Sample.TakeAsync(Messages, concurrency: 1, _ => worker.HandleAsync());
            var sample = await Sample.TakeAsync(Messages, concurrency: 1, _ => worker.HandleAsync());
            table.Add($"{named:#,0}", $"{sample.CpuMicroseconds:0.00}", $"{sample.BytesEach:#,0}");
        }

        table.Print();
    }

    private sealed class Handling
    {
        private readonly QuotaRegistry _quotas;
        private readonly CircuitRegistry _circuits = new(TimeProvider.System, NullLogger<CircuitRegistry>.Instance);
        private readonly QueueRoom _queue;

        public Handling()
        {
            var governors = new Governors(Options.Create(new PaceOptions()), () => 0.5);
            _quotas = new(governors, TimeProvider.System, NullLogger<QuotaRegistry>.Instance);
            _queue = new ReceiveRoom(governors, Options.Create(new EcsOptions()), TimeProvider.System).ForQueue(16, forIncidents: false);
        }

        public Task HandleAsync()
        {
            Handle(region: 0);
            return Task.CompletedTask;
        }

        public void Handle(int region)
        {
            _ = _queue.MayHold;
            var call = new CircuitCall("default", $"cn-{region}", "LeaveSecurityGroup", $"sg-{region}", "i-1");
            using var permit = _circuits.TryEnter(call, out _);
            using var quota = _quotas.TryTake(new(call.Account, call.RegionId, call.Action), out _);
            permit?.Permitted();
        }
    }
}
