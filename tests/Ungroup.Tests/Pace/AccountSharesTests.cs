using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Faults;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>Two accounts on one queue, of which sixteen messages are worked on at once.</summary>
public sealed class AccountSharesTests : IAsyncDisposable
{
    private static readonly DeliverySource Queue = new("removals", 16);

    private readonly HandlerBench _bench = new(
        settings: [("Pace:Quotas:LeaveSecurityGroup", "60000"), ("Accounts:other:Credentials", "Static"), ("Accounts:other:AccessKeyId", "key"), ("Accounts:other:AccessKeySecret", "secret")]);

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task An_account_whose_calls_hang_has_half_of_the_places_and_another_is_not_kept_waiting()
    {
        _bench.Ecs.OnLeave(token => IsOf("other") ? Replies.Ok(token) : FaultBench.Hangs(token));
        var work = Enumerable.Range(0, 64).Select(number => _bench.BeginAlone(Message("default", number))).ToList();
        await HandlerBench.UntilAsync(() => _bench.Ecs.Leaves.Count() == 8);

        Assert.IsType<Settlement.Complete>(await _bench.BeginAlone(Message("other", 64)));

        await HandlerBench.UntilAsync(() =>
        {
            _bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
            return work.Count(one => one.IsCompleted) == 56;
        });
        Assert.InRange(_bench.Clock.GetUtcNow() - Some.Now, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        var postponed = Assert.IsType<Settlement.Postpone>(await work.First(one => one.IsCompleted));
        Assert.Contains("Account default has half of the 16 places of removals in hand", postponed.Why, StringComparison.Ordinal);
        Assert.InRange(postponed.Until - _bench.Clock.GetUtcNow(), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task Calls_that_end_make_room_in_hand_for_the_next_of_their_account()
    {
        var ends = Enumerable.Range(0, 16).Select(_ => new TaskCompletionSource()).ToList();
        var began = 0;
        _bench.Ecs.OnLeave(async token =>
        {
            await ends[Interlocked.Increment(ref began) - 1].Task;
            return await Replies.Ok(token);
        });
        var work = Enumerable.Range(0, 16).Select(number => _bench.BeginAlone(Message("default", number))).ToList();

        for (var ended = 0; ended < 16; ended++)
        {
            await HandlerBench.UntilAsync(() => Volatile.Read(ref began) == Math.Min(16, ended + 8));
            ends[ended].SetResult();
        }

        Assert.All(await Task.WhenAll(work), settlement => Assert.IsType<Settlement.Complete>(settlement));
    }

    [Fact]
    public async Task An_account_that_has_a_worker_to_itself_may_use_all_of_it()
    {
        await using var alone = new HandlerBench(settings: [("Pace:Quotas:LeaveSecurityGroup", "60000")]);
        alone.Ecs.OnLeave(FaultBench.Hangs);

        _ = Enumerable.Range(0, 16).Select(number => alone.BeginAlone(Message("default", number))).ToList();

        await HandlerBench.UntilAsync(() => alone.Ecs.Leaves.Count() == 16);
    }

    [Fact]
    public async Task Each_queue_has_places_of_its_own()
    {
        _bench.Ecs.OnLeave(FaultBench.Hangs);

        _ = Enumerable.Range(0, 8).Select(number => _bench.BeginAlone(Message("default", number))).ToList();
        _ = Enumerable.Range(8, 8).Select(number => _bench.BeginAlone(Message("default", number) with { Queue = new("removals-incident", 16) })).ToList();

        await HandlerBench.UntilAsync(() => _bench.Ecs.Leaves.Count() == 16);
    }

    private bool IsOf(string account) => _bench.Ecs.Calls[^1].Url.Query.Contains($"sg-{account}", StringComparison.Ordinal);

    private static Delivery Message(string account, int number)
    {
        var body = $$"""{"requestId":"r-{{number}}","account":"{{account}}","instanceId":"i-{{number}}","securityGroupId":"sg-{{account}}","regionId":"cn-hangzhou"}""";
        return Some.Delivery(body, $"m-{number}") with { Queue = Queue };
    }
}
