using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Circuits;
using Ungroup.Ecs;
using Ungroup.Quotas;

namespace Ungroup.Benchmarks.Regions;

/// <summary>The cost of circuits, quotas and the budget of a queue for one message, by how many regions others have named before it.</summary>
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
        private readonly QuotaLimiters _quotas;
        private readonly CircuitRegistry _circuits = new(TimeProvider.System, NullLogger<CircuitRegistry>.Instance);
        private readonly QueueBudget _queue;

        public Handling()
        {
            _quotas = new(Options.Create(new PaceOptions()), new("one"), () => 0.5, TimeProvider.System, NullLogger<QuotaLimiters>.Instance);
            _queue = new ReceiveBudget(_quotas, Options.Create(new EcsOptions())).ForQueue(16, forIncidents: false);
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
