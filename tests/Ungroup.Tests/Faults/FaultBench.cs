using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

/// <summary>Two workers on one ledger and one clock. A worker that is left hanging has crashed; nothing of it goes on.</summary>
internal sealed class FaultBench : IAsyncDisposable
{
    public static readonly TimeSpan Lease = new LedgerOptions().Lease;

    public FaultBench(params (string Key, string Value)[] settings)
    {
        Ledger = new(Clock);
        Store = new(Ledger);
        One = new(Clock, Store, settings);
        Two = new(Clock, Ledger, settings);
    }

    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public MemoryLedgerStore Ledger { get; }

    /// <summary>The ledger as worker one has it.</summary>
    public UnreliableStore Store { get; }

    public HandlerBench One { get; }

    public HandlerBench Two { get; }

    public int Leaves => One.Ecs.Leaves.Count() + Two.Ecs.Leaves.Count();

    /// <summary>The ids of all events told, one for each.</summary>
    public IEnumerable<string> Told => One.Bus.Published.Concat(Two.Bus.Published).Select(told => told.Id).Distinct();

    public async Task<LedgerRecord> RecordAsync(string requestId = "r-1") =>
        (await Ledger.ReadAsync(new("default", requestId), TestContext.Current.CancellationToken))!.Record;

    /// <summary>Worker one begins, gets as far as the test lets it, and is never heard of again. Its lease runs out.</summary>
    public async Task CrashAsync(Func<bool> reached, Delivery? delivery = null)
    {
        var dead = One.BeginAlone(delivery ?? Some.Delivery());
        await HandlerBench.UntilAsync(() =>
        {
            Assert.False(dead.IsCompleted, "It was to crash, and has ended.");
            return reached();
        });
        Clock.Advance(Lease);
    }

    /// <summary>Delivers a message and, as a broker would, every copy of it, until it is settled for good.</summary>
    public async Task<IReadOnlyList<Settlement>> SettleAsync(HandlerBench worker, Delivery? delivery = null)
    {
        var next = delivery ?? Some.Delivery();
        List<Settlement> settlements = [];
        while (true)
        {
            var settlement = await worker.HandleAsync(next);
            settlements.Add(settlement);
            if (settlement is not Settlement.Postpone postpone)
            {
                return settlements;
            }

            var copy = PostponedCopy.Of(next, postpone);
            Clock.Advance(postpone.Until - Clock.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero);
            next = PostponedCopy.Restore(next with { MessageId = copy.MessageId, EnqueuedAt = Clock.GetUtcNow(), Properties = copy.Properties });
        }
    }

    public static JsonNode DataOf(Settlement settlement) => JsonNode.Parse(settlement.Outcome!.Json.Span)!["data"]!;

    public static (string? Status, string? Code) EndOf(Settlement settlement) =>
        (DataOf(settlement)["status"]!.GetValue<string>(), DataOf(settlement)["code"]?.GetValue<string>());

    public static ScriptedReply Hangs => _ => new TaskCompletionSource<HttpResponseMessage>().Task;

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
    }
}
