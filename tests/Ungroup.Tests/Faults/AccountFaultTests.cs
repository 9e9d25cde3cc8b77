using Microsoft.Extensions.Time.Testing;
using Ungroup.Messages;
using Ungroup.Tests.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Faults;

public sealed class AccountFaultTests : IAsyncDisposable
{
    private readonly FaultBench _bench = new(
        ("Accounts:other:Credentials", "Static"), ("Accounts:other:AccessKeyId", "key"), ("Accounts:other:AccessKeySecret", "secret"));

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Fault_31_A_token_that_expires_for_many_at_once_is_read_again_once_and_nothing_is_burned()
    {
        var (reads, key) = (0, "old");
        await using var bench = new HandlerBench(
            _bench.Clock, _bench.Ledger, Read, ("Accounts:environment:Credentials", "Environment"), ("Pace:Quotas:LeaveSecurityGroup", "60000"));
        var refused = Replies.Error(400, "InvalidSecurityToken.Expired").After(TimeSpan.FromSeconds(1), _bench.Clock);
        bench.Ecs.OnLeave(token => bench.Ecs.Calls[^1].Headers["authorization"].Contains("Credential=old,", StringComparison.Ordinal)
            ? refused.Doing(() => key = "new")(token)
            : Replies.Ok(token));

        var work = Task.WhenAll(Enumerable.Range(0, 64).Select(number => bench.BeginAlone(
            Some.Delivery(With($"\"account\":\"environment\"").Replace("r-1", $"r-{number}", StringComparison.Ordinal), $"m-{number}"))));
        var settlements = await bench.RunAsync(work);

        Assert.All(settlements, settlement => Assert.Equal(("Removed", null), FaultBench.EndOf(settlement)));
        Assert.Equal(2, reads);

        string? Read(string name)
        {
            reads += name == "ALIBABA_CLOUD_ACCESS_KEY_ID" ? 1 : 0;
            return key;
        }
    }

    [Fact]
    public async Task Fault_32_A_permission_that_is_removed_closes_as_wide_as_it_is_refused_and_nothing_is_dead_lettered()
    {
        _bench.One.Ecs.OnLeave(Replies.Error(403, "Forbidden.RAM"));
        List<Settlement> settlements = [];
        for (var number = 0; number < 20; number++)
        {
            settlements.Add(await _bench.One.HandleAsync(About($"sg-{number}", $"i-{number}", $"r-{number}")));
        }

        Assert.All(settlements, settlement => Assert.IsType<Settlement.Postpone>(settlement));
        Assert.Equal(2, _bench.Leaves);
        var closed = Assert.Single(_bench.One.Circuits.Snapshot(), closed => !closed.Name.Contains(" for ", StringComparison.Ordinal));
        Assert.Equal("LeaveSecurityGroup in cn-hangzhou of account default", closed.Name);
        Assert.Contains("ecs:LeaveSecurityGroup", closed.Reason, StringComparison.Ordinal);

        _bench.One.Ecs.OnLeave(Replies.Ok);
        var other = await _bench.One.HandleAsync(With("\"account\":\"other\""), "m-other");
        Assert.Equal(("Removed", null), FaultBench.EndOf(other));
        _bench.Clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.HandleAsync(About("sg-5", "i-5", "r-5"))));
    }

    [Fact]
    public async Task Fault_32_A_group_that_one_request_may_not_touch_holds_nobody_else_up()
    {
        _bench.One.Ecs.OnLeave(token => IsAbout("sg-denied") ? Replies.Error(403, "Forbidden.RAM")(token) : Replies.Ok(token));

        for (var round = 0; round < 60; round++)
        {
            Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync(About("sg-denied", $"i-{round}", $"denied-{round}")));
            Assert.IsType<Settlement.Complete>(await _bench.One.HandleAsync(About($"sg-{round}", "i-1", $"allowed-{round}")));
        }

        Assert.Equal("LeaveSecurityGroup for sg-denied of account default", Assert.Single(_bench.One.Circuits.Snapshot()).Name);
        Assert.Equal(1, _bench.One.Ecs.Leaves.Count(call => call.Url.Query.Contains("sg-denied", StringComparison.Ordinal)));

        bool IsAbout(string group) => _bench.One.Ecs.Calls[^1].Url.Query.Contains(group, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fault_32_A_region_that_does_not_know_the_key_holds_no_other_region_up()
    {
        _bench.One.Ecs.OnLeave(token => _bench.One.Ecs.Calls[^1].Url.Query.Contains("cn-qingdao", StringComparison.Ordinal)
            ? Replies.Error(404, "InvalidAccessKeyId.NotFound")(token)
            : Replies.Ok(token));

        for (var round = 0; round < 50; round++)
        {
            Assert.IsType<Settlement.Postpone>(await _bench.One.HandleAsync(About("sg-1", $"i-{round}", $"bad-{round}", "cn-qingdao")));
            Assert.IsType<Settlement.Complete>(await _bench.One.HandleAsync(About("sg-1", $"i-{round}", $"good-{round}")));
            _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.DoesNotContain("account default", _bench.One.Circuits.Snapshot().Select(closed => closed.Name));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    public async Task Fault_33_A_worker_whose_clock_is_off_neither_takes_over_early_nor_is_overtaken_early(int minutes)
    {
        var off = new FakeTimeProvider(Some.Now.AddMinutes(minutes));
        await using var wrong = new HandlerBench(off, _bench.Ledger);
        _bench.One.Ecs.OnLeave(FaultBench.Hangs);
        wrong.Ecs.OnLeave(FaultBench.Hangs);
        _ = _bench.One.BeginAlone(Message("r-1"));
        _ = wrong.BeginAlone(Message("r-2"));
        await HandlerBench.UntilAsync(() => _bench.Leaves + wrong.Ecs.Leaves.Count() == 2);

        _bench.Clock.Advance(FaultBench.Lease - TimeSpan.FromSeconds(1));
        off.Advance(FaultBench.Lease - TimeSpan.FromSeconds(1));

        Assert.IsType<Settlement.Postpone>(await wrong.HandleAsync(Message("r-1")));
        Assert.IsType<Settlement.Postpone>(await _bench.Two.HandleAsync(Message("r-2")));
        Assert.Equal((1, 1), ((await _bench.RecordAsync("r-1")).Epoch, (await _bench.RecordAsync("r-2")).Epoch));
    }

    [Fact]
    public async Task Fault_33_A_date_that_ECS_refuses_is_corrected_by_its_own_clock()
    {
        _bench.One.Ecs.OnLeave(
            Replies.Error(400, "InvalidTimeStamp.Expired").With("Date", "Fri, 02 Jan 2026 03:09:05 GMT"),
            Replies.Ok);

        Assert.Equal(("Removed", null), FaultBench.EndOf(await _bench.One.HandleAsync()));
        Assert.StartsWith("2026-01-02T03:09", _bench.One.Ecs.Calls[1].Headers["x-acs-date"], StringComparison.Ordinal);
    }

    private static Delivery Message(string requestId) =>
        Some.Delivery(Some.Body.Replace("\"r-1\"", $"\"{requestId}\"", StringComparison.Ordinal), $"m-{requestId}");

    private static Delivery About(string group, string resource, string requestId, string region = "cn-hangzhou") => Some.Delivery(
        $$"""{"requestId":"{{requestId}}","instanceId":"{{resource}}","securityGroupId":"{{group}}","regionId":"{{region}}"}""", $"m-{requestId}");

    private static string With(string member) => Some.Body.Replace("{", $"{{{member},", StringComparison.Ordinal);
}
