using Microsoft.Extensions.Options;
using Ungroup.Ledger;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

/// <summary>
/// Records that a version without documents has written (<c>Data/ledger-before.*</c>), one of each state, on the stores that outlive a
/// version: this one reads them, answers for them and finishes them.
/// </summary>
public abstract class EarlierLedgerContract
{
    private static readonly DateTimeOffset Then = Some.Now.AddTicks(1234567);

    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["claimed/1"] =
            """
            {"requestId":"claimed/1","account":"beijing","networkInterfaceId":"eni-bp1app1","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou",
             "origin":"incident","requestedBy":"soar","reason":"隔离 🧯","notBefore":"2026-01-02T03:00:00Z","expiresAt":"2026-01-03T03:04:05.6789+08:00","dryRun":true}
            """,
        ["called"] = """{"requestId":"called","account":"beijing","instanceId":"i-bp1web1","securityGroupId":"sg-bp1web","origin":"cleanup"}""",
        ["waiting"] = """{"requestId":"waiting","instanceId":"i-bp1web2","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""",
        ["decided"] = """{"requestId":"decided","instanceId":"i-bp1web3","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou","reason":"隔离 🧯"}""",
        ["published"] = """{"requestId":"published","instanceId":"i-bp1web4","securityGroupId":"sg-bp1web","regionId":"cn-hangzhou"}""",
    };

    public static TheoryData<string> Unfinished => new("claimed/1", "called", "waiting");

    public static TheoryData<string> Ended => new("decided", "published");

    protected abstract TimeProvider Clock { get; }

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Unfinished))]
    public async Task What_was_asked_is_read_as_it_was_written(string requestId)
    {
        var request = Request(requestId);

        var record = (await Store.ReadAsync(Key(request), Stop))!.Record;

        Assert.Equal(request, record.Request);
        Assert.Equal((PayloadHash.Of(request), "m-" + requestId, Then), (record.PayloadHash, record.MessageId, record.FirstSeenAt));
        Assert.Equal((request.ExpiresAt ?? Then.AddDays(1), Then.AddDays(30)), (record.Deadline, record.ForgetAt));
    }

    [Fact]
    public async Task What_was_learnt_is_read_as_it_was_written()
    {
        var claimed = (await Store.ReadAsync(new("beijing", "claimed/1"), Stop))!.Record;
        var called = (await Store.ReadAsync(new("beijing", "called"), Stop))!.Record;
        var waiting = (await Store.ReadAsync(new("default", "waiting"), Stop))!.Record;

        Assert.Equal((LedgerState.Claimed, "worker-before", 1, 0, false), (claimed.State, claimed.Owner, claimed.Epoch, claimed.Attempts, claimed.MayHaveLeft));
        Assert.Equal((LedgerState.Called, "worker-before", 1, 1, true), (called.State, called.Owner, called.Epoch, called.Attempts, called.MayHaveLeft));
        Assert.Equal((LedgerState.Called, null, 1, 1, false), (waiting.State, waiting.Owner, waiting.Epoch, waiting.Attempts, waiting.MayHaveLeft));
        Assert.Equal(("Throttling.User", true, 1), (waiting.LastCode, waiting.MetOthers, waiting.UnfamiliarReplies));
        Assert.Equal((TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1)), (called.LeaseFor, waiting.LeaseFor));
    }

    [Theory]
    [MemberData(nameof(Unfinished))]
    public async Task What_was_begun_is_taken_over_and_finished(string requestId)
    {
        var request = Request(requestId);
        await EndLeasesAsync();
        var before = (await Store.ReadAsync(Key(request), Stop))!.Record;

        var lease = Assert.IsType<Claim.Granted>(await Ledger.ClaimAsync(request, "m-again", Then.AddDays(2), Stop)).Lease;
        Assert.Equal(before with { Owner = "after", Epoch = 2, LeaseFor = new LedgerOptions().Lease }, lease.Record);
        Assert.True(await Ledger.BeginAttemptAsync(lease, Stop));
        Assert.True(await Ledger.RecordAsync(lease, new("id-1", "ungroup.removal.Removed.v1", "i-1", "{}"u8.ToArray()), Stop));
        await Ledger.MarkPublishedAsync([lease.Stored], Stop);

        var after = (await Store.ReadAsync(Key(request), Stop))!.Record;
        Assert.Equal((LedgerState.Published, before.Attempts + 1, "{}"), (after.State, after.Attempts, Text(after.Outcome!.Json)));
        Assert.Equal(before.FirstSeenAt, after.FirstSeenAt);
    }

    [Theory]
    [MemberData(nameof(Ended))]
    public async Task What_has_ended_is_answered_word_for_word_and_keeps_its_key(string requestId)
    {
        var request = Request(requestId);

        var decided = Assert.IsType<Claim.Decided>(await Ledger.ClaimAsync(request, "m-again", Then.AddDays(2), Stop));

        Assert.Contains($"\"requestId\":\"{requestId}\"", Text(decided.Outcome.Json), StringComparison.Ordinal);
        Assert.Equal(request.Resource.Value, decided.Outcome.Subject);
        Assert.Equal(decided.Stored.Record.State == LedgerState.Decided ? "Removed" : "Refused", decided.Outcome.ReadFacts().Status);
        Assert.IsType<Claim.Conflict>(await Ledger.ClaimAsync(request with { Reason = "another" }, "m-other", Then.AddDays(2), Stop));
    }

    [Fact]
    public async Task What_was_not_told_is_told_once_and_what_is_old_is_forgotten()
    {
        var pending = Assert.Single(await Store.ReadDueAsync(Due.Publishing, Then.AddDays(1), behind: null, 10, Stop));
        Assert.Equal("decided", pending.Record.Key.RequestId);

        await Store.MarkPublishedAsync([pending], Stop);

        Assert.Empty(await Store.ReadDueAsync(Due.Publishing, Then.AddDays(1), behind: null, 10, Stop));
        Assert.Equal(pending.Record with { State = LedgerState.Published, Outcome = null }, (await Store.ReadAsync(pending.Record.Key, Stop))!.Record with { Outcome = null });
        Assert.Equal(3, (await Store.ReadDueAsync(Due.Ending, Then.AddDays(2), behind: null, 10, Stop)).Count);
        Assert.Equal(2, await Store.ForgetAsync(Then.AddDays(31), Stop));
    }

    private protected abstract ILedgerStore Store { get; }

    protected abstract Task EndLeasesAsync();

    private RemovalLedger Ledger => field ??= new(Store, new("after"), Options.Create(new LedgerOptions()), Clock);

    private static LedgerKey Key(RemovalRequest request) => new(request.Account, request.RequestId);

    private static RemovalRequest Request(string requestId) =>
        Assert.IsType<ParsedRequest.Accepted>(Some.Reader.Read(Some.Delivery(Bodies[requestId]))).Request;

    private static string Text(ReadOnlyMemory<byte> json) => System.Text.Encoding.UTF8.GetString(json.Span);
}
