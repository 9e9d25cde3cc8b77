using Microsoft.Extensions.Options;
using Ungroup.Holds;
using Ungroup.Ledger;
using Ungroup.Messages;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

/// <summary>The ledger on any store.</summary>
public abstract class LedgerContract(Stores kind) : StoreContract(kind)
{
    [Fact]
    public async Task What_an_owner_has_counted_is_written_with_its_next_write()
    {
        var lease = await Granted(One);
        await One.BeginAttemptAsync(lease, Stop);
        lease.TakeBackAttempt();
        Assert.Equal(1, lease.CountUnfamiliarReply());
        await One.ReleaseAsync(lease, Clock.GetUtcNow(), mayHaveLeft: false, "NoReply.Dns", metOthers: false, Stop);

        var next = await Granted(Two);

        Assert.Equal((0, 1), (next.Record.Attempts, next.Record.UnfamiliarReplies));
        Assert.True(await Two.BeginAttemptAsync(next, Stop));
        Assert.Equal(1, next.Record.Attempts);
    }

    [Fact]
    public async Task The_first_claim_is_granted()
    {
        var lease = await Granted(One);

        Assert.Equal((LedgerState.Claimed, 1, 0), (lease.Record.State, lease.Record.Epoch, lease.Record.Attempts));
    }

    [Fact]
    public async Task A_second_claim_of_a_running_request_is_busy()
    {
        await Granted(One);

        var busy = Assert.IsType<Claim.Busy>(await Two.ClaimAsync(Some.Request(), "m-1", Deadline, Stop));
        Assert.Equal(Now + Lease, busy.Until, TimeSpan.FromSeconds(1.5));
        Assert.IsType<Claim.Busy>(await One.ClaimAsync(Some.Request(), "m-1", Deadline, Stop));
    }

    [Fact]
    public async Task Of_many_claims_at_once_one_is_granted()
    {
        RemovalLedger[] ledgers = [One, Two];

        var claims = await Task.WhenAll(Enumerable.Range(0, 32).Select(n =>
            Task.Run(() => ledgers[n % 2].ClaimAsync(Some.Request(), "m-1", Deadline, Stop))));

        Assert.Single(claims.OfType<Claim.Granted>());
        Assert.Equal(31, claims.OfType<Claim.Busy>().Count());
    }

    [Fact]
    public async Task A_claim_left_by_a_dead_owner_is_granted_again_after_its_lease_with_a_higher_epoch()
    {
        var dead = await Granted(One);
        await One.BeginAttemptAsync(dead, Stop);
        await PassAsync(Lease);

        var lease = await Granted(Two);

        Assert.Equal((LedgerState.Called, 2, 1, true), (lease.Record.State, lease.Record.Epoch, lease.Record.Attempts, lease.Record.MayHaveLeft));
    }

    [Fact]
    public async Task Of_many_takeovers_at_once_one_is_granted()
    {
        RemovalLedger[] ledgers = [One, Two];
        await Granted(One);
        await PassAsync(Lease);

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(n =>
            Task.Run(() => ledgers[n % 2].ClaimAsync(Some.Request(), "m-1", Deadline, Stop))));

        Assert.Single(claims.OfType<Claim.Granted>());
    }

    [Fact]
    public async Task An_overtaken_owner_is_told_so_at_every_step_and_writes_nothing()
    {
        var slow = await Granted(One);
        await PassAsync(Lease);
        var current = await Granted(Two);

        Assert.False(await One.BeginAttemptAsync(slow, Stop));
        Assert.False(await One.RecordAsync(slow, Event("late"), Stop));
        Assert.False(await One.ReleaseAsync(slow, Now, false, null, false, Stop));
        Assert.True(slow.IsLost);
        Assert.True(await Two.BeginAttemptAsync(current, Stop));
    }

    [Fact]
    public async Task Every_attempt_renews_the_lease()
    {
        var lease = await Granted(One);
        await PassAsync(Lease / 2);
        await One.BeginAttemptAsync(lease, Stop);
        await PassAsync(Lease / 2);

        Assert.IsType<Claim.Busy>(await Two.ClaimAsync(Some.Request(), "m-1", Deadline, Stop));
    }

    [Fact]
    public async Task A_released_request_is_taken_up_when_its_time_has_come_and_remembers_what_was_learnt()
    {
        var lease = await Granted(One);
        await One.BeginAttemptAsync(lease, Stop);
        await One.ReleaseAsync(lease, Clock.GetUtcNow() + (Lease * 2), mayHaveLeft: false, "Throttling.User", metOthers: true, Stop);

        var busy = Assert.IsType<Claim.Busy>(await Two.ClaimAsync(Some.Request(), "m-1", Deadline, Stop));
        Assert.Equal(Clock.GetUtcNow() + (Lease * 2), busy.Until, TimeSpan.FromSeconds(1.5));
        await PassAsync(Lease * 2);
        var again = await Granted(Two);

        Assert.Equal((1, false, "Throttling.User", true), (again.Record.Attempts, again.Record.MayHaveLeft, again.Record.LastCode, again.Record.MetOthers));
    }

    [Fact]
    public async Task A_recorded_outcome_is_returned_word_for_word()
    {
        var lease = await Granted(One);
        var told = Event("""{"sentence":"隔离 🧯"}""");
        Assert.True(await One.RecordAsync(lease, told, Stop));

        var decided = Assert.IsType<Claim.Decided>(await Two.ClaimAsync(Some.Request(), "m-1", Deadline, Stop));

        Assert.Equal((told.Id, told.Type, told.Subject), (decided.Outcome.Id, decided.Outcome.Type, decided.Outcome.Subject));
        Assert.Equal(told.Json.ToArray(), decided.Outcome.Json.ToArray());
    }

    [Fact]
    public async Task Every_write_is_read_back_as_it_was_written()
    {
        var (store, another) = (StoreOf(new("any")), StoreOf(new("another")));
        var lease = await Granted(One);
        Func<LedgerRecord, LedgerRecord>[] writes =
        [
            record => record with { State = LedgerState.Called, Attempts = 1, MayHaveLeft = true, LeaseFor = Lease * 2 },
            record => record with { Owner = null, LastCode = "Throttling.User", MetOthers = true, MayHaveLeft = false },
            record => record with { Owner = "somebody else", Epoch = 7, LastCode = null },
            record => record with { Deadline = record.Deadline.AddDays(1), Request = Some.Request() with { Reason = "another" } },
            record => record with { ForgetAt = record.ForgetAt.AddDays(1), Attempts = 2 },
            record => record with { State = LedgerState.Decided, Request = null, Outcome = Event("{}"), DecidedAt = Now },
            record => record with { State = LedgerState.Published },
        ];

        var stored = lease.Stored;
        foreach (var write in writes)
        {
            stored = await store.ReplaceAsync(stored, write(stored.Record), Stop);
            var read = await another.ReadAsync(lease.Record.Key, Stop);

            Assert.Equal(stored!.Record with { Outcome = null }, read!.Record with { Outcome = null });
            Assert.Equal((stored.Version, stored.Record.Outcome?.Id, stored.Record.Next), (read.Version, read.Record.Outcome?.Id, read.Record.Next));
            Assert.Equal(stored.Record.Outcome?.Json.ToArray(), read.Record.Outcome?.Json.ToArray());
        }
    }

    [Fact]
    public async Task Another_payload_under_the_same_key_is_a_conflict_before_and_after_the_outcome()
    {
        var other = Some.Request() with { SecurityGroup = Some.Group("sg-other") };
        var lease = await Granted(One);

        Assert.IsType<Claim.Conflict>(await Two.ClaimAsync(other, "m-2", Deadline, Stop));
        await One.RecordAsync(lease, Event("{}"), Stop);
        Assert.Equal(Now, Assert.IsType<Claim.Conflict>(await Two.ClaimAsync(other, "m-2", Deadline, Stop)).FirstSeenAt, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task The_same_key_in_another_account_is_another_request()
    {
        await Granted(One);

        Assert.IsType<Claim.Granted>(await One.ClaimAsync(Some.Request() with { Account = "other" }, "m-1", Deadline, Stop));
    }

    [Fact]
    public async Task What_was_decided_is_due_for_publishing_until_it_is_marked()
    {
        var lease = await Granted(One);
        await One.RecordAsync(lease, Event("{}"), Stop);
        await PassAsync(Lease);
        Assert.Empty(await Two.ReadDueAsync(Due.Publishing, Lease * 10, behind: null, 10, Stop));

        var pending = Assert.Single(await Two.ReadDueAsync(Due.Publishing, Lease / 2, behind: null, 10, Stop));
        Assert.Equal("{}"u8.ToArray(), pending.Record.Outcome!.Json.ToArray());
        await Two.MarkPublishedAsync([pending], Stop);

        Assert.Empty(await One.ReadDueAsync(Due.Publishing, TimeSpan.Zero, behind: null, 10, Stop));
        Assert.Equal(LedgerState.Published, (await One.ReadAsync(pending.Record.Key, Stop))!.Record.State);
    }

    [Fact]
    public async Task Many_are_marked_at_once_and_marking_twice_is_no_fault()
    {
        List<StoredRecord> decided = [];
        for (var number = 0; number < 120; number++)
        {
            var lease = await Granted(One, Some.Request($"many/{number}:a"));
            await One.RecordAsync(lease, Event("{}"), Stop);
            decided.Add(lease.Stored);
        }

        await One.MarkPublishedAsync([.. decided.Take(100)], Stop);
        await Two.MarkPublishedAsync(decided, Stop);

        Assert.Empty(await One.ReadDueAsync(Due.Publishing, -Lease, behind: null, 1000, Stop));
        Assert.All(decided, stored => Assert.Equal(LedgerState.Published, One.ReadAsync(stored.Record.Key, Stop).Result!.Record.State));
    }

    [Fact]
    public async Task Everything_decided_is_due_for_publishing_however_many_write_at_once_and_are_refused()
    {
        const int Requests = 300;
        RemovalLedger[] ledgers = [Create("patient", TimeSpan.FromMinutes(2)), Create("patient-too", TimeSpan.FromMinutes(2))];

        await Parallel.ForAsync(0, Requests, new ParallelOptions { MaxDegreeOfParallelism = 32, CancellationToken = Stop }, async (number, stop) =>
        {
            var request = Some.Request($"crowd-{number}");
            var claims = await Task.WhenAll(ledgers.Select(ledger => ledger.ClaimAsync(request, "m-1", Deadline, stop)));
            var winner = Array.FindIndex(claims, claim => claim is Claim.Granted);
            var lease = ((Claim.Granted)claims[winner]).Lease;
            Assert.True(await ledgers[winner].BeginAttemptAsync(lease, stop));
            Assert.IsType<Claim.Busy>(await ledgers[1 - winner].ClaimAsync(request, "m-1", Deadline, stop));
            Assert.True(await ledgers[winner].RecordAsync(lease, Event("{}"), stop));
            Assert.IsType<Claim.Decided>(await ledgers[1 - winner].ClaimAsync(request, "m-1", Deadline, stop));
        });

        var due = await ledgers[0].ReadDueAsync(Due.Publishing, -Lease * 10, behind: null, 2 * Requests, Stop);
        Assert.Equal(Requests, due.Count(stored => stored.Record.Key.RequestId.StartsWith("crowd-", StringComparison.Ordinal)));
        Assert.Empty(await ledgers[0].ReadDueAsync(Due.Ending, -TimeSpan.FromDays(2), behind: null, 2 * Requests, Stop));
    }

    [Fact]
    public async Task What_has_no_outcome_is_due_for_ending_at_its_deadline_with_all_that_was_asked()
    {
        var asked = Some.Request() with
        {
            Resource = Some.NetworkInterface(),
            Reason = "隔离 🧯",
            RequestedBy = "soar",
            ExpiresAt = Deadline,
            Origin = Origin.Incident,
            RegionIsDefault = true,
        };
        var lease = await Granted(One, asked);
        await One.BeginAttemptAsync(lease, Stop);
        await Granted(One, Some.Request("later"), Now + TimeSpan.FromDays(9));
        Assert.Empty(await Two.ReadDueAsync(Due.Ending, TimeSpan.Zero, behind: null, 10, Stop));

        var due = Assert.Single(await Two.ReadDueAsync(Due.Ending, Now - Deadline - TimeSpan.FromHours(1), behind: null, 10, Stop));

        Assert.Equal((asked, "m-1", Deadline), (due.Record.Request, due.Record.MessageId, due.Record.Deadline));
        await One.RecordAsync(lease, Event("{}"), Stop);
        Assert.Empty(await Two.ReadDueAsync(Due.Ending, Now - Deadline - TimeSpan.FromHours(1), behind: null, 10, Stop));
    }

    [Fact]
    public async Task What_is_due_is_read_page_by_page_each_record_once_and_behind_those_that_have_moved_on()
    {
        string[] keys = ["a", "a/b", "a:b", "a.b", "b", "B", "c-1"];
        foreach (var (index, key) in keys.Index())
        {
            await Granted(One, Some.Request(key), index < 5 ? Deadline : Deadline.AddMinutes(index));
            await Granted(One, Some.Request(key) with { Account = "other" });
        }

        List<StoredRecord> read = [];
        while (await Two.ReadDueAsync(Due.Ending, -TimeSpan.FromDays(2), read.LastOrDefault(), 3, Stop) is { Count: > 0 } page)
        {
            read.AddRange(page);
            await One.RecordAsync(new Lease(page[^1]), Event("{}"), Stop);
        }

        Assert.Equal(2 * keys.Length, read.Count);
        Assert.Equal(2 * keys.Length, read.Select(stored => stored.Record.Key).Distinct().Count());
        Assert.Equal(read.Select(stored => stored.Record.Deadline).Order(), read.Select(stored => stored.Record.Deadline));
    }

    [Fact]
    public async Task A_request_may_wait_for_as_long_as_a_sender_may_ask()
    {
        // By the clock of this machine, which a table goes by.
        var notBefore = TimeProvider.System.GetUtcNow().AddDays(30);
        var asked = Some.Request() with { NotBefore = notBefore };
        var lease = await Granted(One, asked, notBefore.AddDays(1));
        await One.ReleaseAsync(lease, notBefore, mayHaveLeft: false, lastCode: null, metOthers: false, Stop);

        Assert.IsType<Claim.Busy>(await Two.ClaimAsync(asked, "m-2", notBefore.AddDays(1), Stop));
        Assert.Null(await Two.TakeOverAsync((await Two.ReadAsync(lease.Record.Key, Stop))!, Stop));
    }

    [Fact]
    public async Task Ids_of_messages_in_any_script_are_kept_and_a_store_that_is_there_says_so()
    {
        var id = new string('消', 127) + "…";
        await One.ClaimAsync(Some.Request(), id, Deadline, Stop);

        await One.CheckAsync(Stop);
        Assert.Equal(id, (await Two.ReadAsync(new("default", "r-1"), Stop))!.Record.MessageId);
    }

    [Fact]
    public async Task What_is_due_for_ending_is_taken_over_by_one_and_only_when_its_lease_is_over()
    {
        await Granted(One);
        var held = Assert.Single(await Two.ReadDueAsync(Due.Ending, -TimeSpan.FromDays(2), behind: null, 10, Stop));
        Assert.Null(await Two.TakeOverAsync(held, Stop));
        await PassAsync(Lease);
        var free = Assert.Single(await Two.ReadDueAsync(Due.Ending, -TimeSpan.FromDays(2), behind: null, 10, Stop));

        var leases = await Task.WhenAll(One.TakeOverAsync(free, Stop), Two.TakeOverAsync(free, Stop));

        Assert.Equal(2, Assert.Single(leases, lease => lease is not null)!.Record.Epoch);
    }

    [Fact]
    public async Task A_record_is_forgotten_when_its_time_is_over_and_its_event_was_published()
    {
        var (lease, store) = (await Granted(One), StoreOf(new("any")));
        await One.RecordAsync(lease, Event("{}"), Stop);
        var over = Clock.GetUtcNow() + new LedgerOptions().Keep;
        Assert.Equal(0, await store.ForgetAsync(over, Stop));

        await One.MarkPublishedAsync([lease.Stored], Stop);
        Assert.Equal(0, await One.ForgetAsync(Stop));
        Assert.Equal(1, await store.ForgetAsync(over, Stop));

        Assert.Null(await One.ReadAsync(lease.Record.Key, Stop));
        Assert.Equal(1, (await Granted(Two)).Record.Epoch);
    }

    [Fact]
    public async Task A_note_is_written_by_one_and_read_by_all()
    {
        var (one, two) = (StoreOf(new("one")), StoreOf(new("two")));
        var written = await one.WriteNoteAsync(null, "gate.default.cn-hangzhou", "closed ✋", Stop);
        await one.WriteNoteAsync(null, "other", "", Stop);

        Assert.Null(await two.WriteNoteAsync(null, "gate.default.cn-hangzhou", "open", Stop));
        var read = Assert.Single(await two.ReadNotesAsync("gate.", Stop));
        Assert.Equal(("gate.default.cn-hangzhou", "closed ✋"), (read.Name, read.Text));
        Assert.NotNull(await two.WriteNoteAsync(read, read.Name, "open", Stop));
        Assert.Null(await one.WriteNoteAsync(written, read.Name, "closed again", Stop));
        Assert.Equal(["gate.default.cn-hangzhou", "other"], (await one.ReadNotesAsync("", Stop)).Select(note => note.Name));
    }

    [Fact]
    public async Task A_note_is_deleted_as_it_was_read_and_by_one_alone()
    {
        var (one, two) = (StoreOf(new("one")), StoreOf(new("two")));
        var first = await one.WriteNoteAsync(null, "hold:1", "first", Stop);
        var second = await two.WriteNoteAsync(first, "hold:1", "second", Stop);

        Assert.False(await one.DeleteNoteAsync(first!, Stop));
        Assert.Equal("second", Assert.Single(await one.ReadNotesAsync("hold:", Stop)).Text);
        Assert.True(await one.DeleteNoteAsync(second!, Stop));
        Assert.False(await two.DeleteNoteAsync(second!, Stop));
        Assert.Empty(await two.ReadNotesAsync("hold:", Stop));
        await PassAsync(TimeSpan.FromMilliseconds(1));
        Assert.NotNull(await two.WriteNoteAsync(null, "hold:1", "third", Stop));
        Assert.Null(await one.WriteNoteAsync(first, "hold:1", "late", Stop));
        Assert.False(await one.DeleteNoteAsync(second!, Stop));
    }

    [Fact]
    public async Task A_hold_of_one_is_seen_by_all_until_it_is_lifted()
    {
        var (one, two) = (new HoldRows(StoreOf(new("one"))), new HoldRows(StoreOf(new("two"))));
        var hold = new Hold { Id = "h-1", Account = "default", Group = "sg-web", Origin = Origin.Cleanup, By = "运维", Reason = "change freeze", Since = default };
        var put = await one.PutAsync(hold, TimeSpan.FromHours(2), Stop);

        Assert.Null(await two.PutAsync(hold with { Reason = "another" }, lasts: null, Stop));
        var read = Assert.Single(await two.ReadAsync(Stop));
        Assert.Equal(hold with { Since = read.Since, Until = read.Until, Left = read.Left }, read);

        // A store may tell its time in whole seconds.
        Assert.Equal(put!.Since, read.Since, TimeSpan.FromSeconds(2));
        Assert.Equal(put.Since + TimeSpan.FromHours(2), read.Until!.Value, TimeSpan.FromSeconds(2));
        Assert.InRange(read.Left!.Value, TimeSpan.FromHours(1.99), TimeSpan.FromHours(2) + TimeSpan.FromSeconds(2));
        Assert.Equal("change freeze", (await two.LiftAsync("h-1", Stop))!.Reason);
        Assert.Null(await one.LiftAsync("h-1", Stop));
        Assert.Empty(await one.ReadAsync(Stop));
    }

    [Fact]
    public async Task A_turn_belongs_to_one_until_it_is_left()
    {
        var (one, two) = (new SharedTurn(StoreOf(new("one")), new("one")), new SharedTurn(StoreOf(new("two")), new("two")));

        Assert.True(await one.TakeAsync("sweep", Stop));
        Assert.False(await two.TakeAsync("sweep", Stop));
        Assert.True(await one.TakeAsync("sweep", Stop));
        await two.LeaveAsync("sweep", Stop);
        Assert.False(await two.TakeAsync("sweep", Stop));
        await one.LeaveAsync("sweep", Stop);
        Assert.True(await two.TakeAsync("sweep", Stop));
    }

    private DateTimeOffset Now => field == default ? field = Clock.GetUtcNow() : field;

    private DateTimeOffset Deadline => Now.AddDays(1);

    private RemovalLedger One => field ??= Create("one");

    private RemovalLedger Two => field ??= Create("two");

    private RemovalLedger Create(string name) => Create(name, Lease);

    private RemovalLedger Create(string name, TimeSpan lease)
    {
        var owner = new LedgerOwner(name);
        return new(StoreOf(owner), owner, Options.Create(new LedgerOptions { Lease = lease }), Clock);
    }

    private Task<Lease> Granted(RemovalLedger ledger) => Granted(ledger, Some.Request());

    private async Task<Lease> Granted(RemovalLedger ledger, RemovalRequest request, DateTimeOffset? deadline = null) =>
        Assert.IsType<Claim.Granted>(await ledger.ClaimAsync(request, "m-1", deadline ?? Deadline, Stop)).Lease;

    private static OutcomeEvent Event(string json) =>
        new("id-1", "ungroup.removal.Removed.v1", "i-bp1web1", System.Text.Encoding.UTF8.GetBytes(json));
}
