using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Guardrails;
using Ungroup.Holds;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Holds;

/// <summary>Clean-ups change no more than so many resources in a clock hour, whatever the number of workers.</summary>
public sealed class MostPerHourTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly UnreliableStore _store;
    private readonly HoldRows _holds;

    public MostPerHourTests()
    {
        _store = new(new MemoryLedgerStore(_clock));
        _holds = new(_store);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void However_workers_take_and_give_back_no_more_than_the_hours_number_is_out() =>
        Gen.Select(Gen.Int[0, 60], Gen.Select(Gen.Int[0, 3], Gen.Bool).Array[1, 200]).Sample((most, steps) =>
        {
            var store = new MemoryLedgerStore(_clock);
            var workers = Enumerable.Range(0, 4).Select(_ => Worker(store, most)).ToArray();
            List<AllowanceBlock> taken = [];
            foreach (var (worker, givesBack) in steps)
            {
                if (givesBack && taken.Count > 0)
                {
                    taken[^1].GiveBack();
                    taken.RemoveAt(taken.Count - 1);
                }
                else if (Take(workers[worker]).Block is { } block)
                {
                    taken.Add(block);
                }
            }

            return taken.Count <= most;
        });

    [Fact]
    public async Task All_but_what_workers_have_in_hand_is_used()
    {
        var workers = Enumerable.Range(0, 4).Select(_ => Worker(_store, 200)).ToArray();
        var taken = 0;
        for (var asked = 0; (await workers[asked % 4].TakeAsync("default", "sg-web", Stop)).Hold is null; asked++)
        {
            taken++;
        }

        Assert.InRange(taken, 160, 200);
    }

    [Fact]
    public async Task Where_it_is_reached_the_others_are_held_until_the_next_hour()
    {
        var worker = Worker(_store, 3);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.NotNull((await worker.TakeAsync("default", "sg-web", Stop)).Block);
        }

        Assert.NotNull((await worker.TakeAsync("default", "sg-web", Stop)).Hold);
        Assert.NotNull((await worker.TakeAsync("default", "sg-other", Stop)).Block);
        var hold = Assert.Single(await _holds.ReadAsync(Stop));
        Assert.Equal(("default", "sg-web", Origin.Cleanup, "ungroup"), (hold.Account, hold.Group, hold.Origin, hold.By));
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 4, 0, 0, TimeSpan.Zero), hold.Until);
        _clock.Advance(TimeSpan.FromMinutes(56));

        Assert.Empty(await _holds.ReadAsync(Stop));
        Assert.NotNull((await worker.TakeAsync("default", "sg-web", Stop)).Block);
    }

    [Fact]
    public async Task What_was_taken_in_one_hour_is_not_used_in_the_next()
    {
        var (one, two) = (Worker(_store, 10), Worker(_store, 10));
        Assert.NotNull((await one.TakeAsync("default", "sg-web", Stop)).Block);
        _clock.Advance(TimeSpan.FromMinutes(56));

        var taken = 0;
        foreach (var worker in (HourAllowances[])[two, one, two, one])
        {
            taken += (await worker.TakeAsync("default", "sg-web", Stop)).Block is null ? 0 : 1;
        }

        Assert.Equal(2, taken);
    }

    [Fact]
    public async Task A_resume_lets_as_many_go_once_more()
    {
        var worker = Worker(_store, 2);
        Assert.Equal(2, await TakeAllAsync(worker));
        var hold = Assert.Single(await _holds.ReadAsync(Stop));

        Assert.NotNull(await HourAllowances.LiftAsync(_store, _holds, hold.Id, Stop));

        Assert.Empty(await _holds.ReadAsync(Stop));
        Assert.Equal(2, await TakeAllAsync(worker));
        Assert.EndsWith(".1", Assert.Single(await _holds.ReadAsync(Stop)).Id, StringComparison.Ordinal);
        Assert.Null(await HourAllowances.LiftAsync(_store, _holds, hold.Id, Stop));
        Assert.Equal(0, await TakeAllAsync(worker));
    }

    [Fact]
    public async Task A_count_that_others_write_all_the_time_is_taken_up_later()
    {
        _store.NotesAreContended = true;

        await Assert.ThrowsAsync<LedgerUnavailableException>(async () => await Worker(_store, 2).TakeAsync("default", "sg-web", Stop));
    }

    [Fact]
    public async Task Clean_ups_beyond_it_wait_and_a_resume_lets_them_go()
    {
        await using var bench = Bench(most: 2);
        bench.Ecs.OnLeave(Replies.Ok);

        Assert.Equal([true, true, false, false], await RemoveAsync(bench, 1, 2, 3, 4));
        Assert.Equal(2, bench.Ecs.Leaves.Count());
        var hold = Assert.Single(await _holds.ReadAsync(Stop));
        Assert.Contains("have reached 2 changes in this hour", Assert.Single(bench.Log.Warnings(303)), StringComparison.Ordinal);
        Assert.Equal(WaitFor.Hold, (await _store.ReadAsync(new("default", "r-3"), Stop))!.Record.Waiting!.For);
        await HourAllowances.LiftAsync(_store, _holds, hold.Id, Stop);
        _clock.Advance(TimeSpan.FromMinutes(4));

        Assert.Equal([true, true], await RemoveAsync(bench, 3, 4));
    }

    [Fact]
    public async Task What_changes_nothing_does_not_count()
    {
        await using var bench = Bench(most: 1);
        bench.Ecs.OnLeave(Replies.Error(404, "InstanceNotInSecurityGroup"), Replies.Error(403, "IncorrectInstanceStatus.NoSuch"), Replies.Ok);

        await RemoveAsync(bench, 1);
        await RemoveAsync(bench, 1);

        Assert.Empty(await _holds.ReadAsync(Stop));
    }

    [Fact]
    public async Task A_call_that_the_ledger_stopped_does_not_count()
    {
        await using var bench = Bench(most: 1);
        bench.Ecs.OnLeave(Replies.Ok);
        _store.WritesToFail = 1;

        Assert.False((await RemoveAsync(bench, 1))[0]);
        Assert.Empty(bench.Ecs.Leaves);
        _clock.Advance(TimeSpan.FromMinutes(4));

        Assert.True((await RemoveAsync(bench, 1))[0]);
    }

    [Fact]
    public async Task Upstream_requests_and_incidents_have_no_such_limit()
    {
        await using var bench = Bench(most: 0);
        bench.Ecs.OnLeave(Replies.Ok);

        Assert.IsType<Settlement.Complete>(await bench.HandleAsync());
        Assert.False((await RemoveAsync(bench, 2))[0]);
    }

    private HandlerBench Bench(int most) => new(_clock, _store, ("Guardrails:MostPerHour", $"{most}"));

    private static async Task<List<bool>> RemoveAsync(HandlerBench bench, params int[] requests)
    {
        List<bool> done = [];
        foreach (var number in requests)
        {
            var body = Some.Body.Replace("\"r-1\"", $"\"r-{number}\",\"origin\":\"cleanup\"", StringComparison.Ordinal);
            done.Add(await bench.HandleAsync(body, $"m-{number}") is Settlement.Complete);
        }

        return done;
    }

    private HourAllowances Worker(ILedgerStore store, int most) => new(
        store, new(store), Options.Create(new GuardrailOptions { MostPerHour = most }), _clock, NullLogger<HourAllowances>.Instance);

    private static (AllowanceBlock? Block, Hold? Hold) Take(HourAllowances worker) => worker.TakeAsync("default", "sg-web", Stop).AsTask().GetAwaiter().GetResult();

    private static async Task<int> TakeAllAsync(HourAllowances worker)
    {
        for (var taken = 0; ; taken++)
        {
            if ((await worker.TakeAsync("default", "sg-web", Stop)).Block is null)
            {
                return taken;
            }
        }
    }
}
