using System.Text;
using Microsoft.Data.Sqlite;
using Ungroup.Sandbox.Broker.Journal;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Tests.Broker.Journal;

public sealed class QueueJournalTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("ungroup-journal-").FullName;
    private readonly SqliteJournal _file;
    private readonly QueueJournal _journal;
    private readonly QueueState _queue = Queue();

    public QueueJournalTests()
    {
        _file = SqliteJournal.Open(Path.Combine(_folder, "broker.db"));
        _journal = _file.Queue("orders");
        _journal.Restore(_queue);
    }

    public void Dispose()
    {
        _file.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_file_of_the_journal_is_for_its_user_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such permissions.");
        Send("a");
        Commit();

        Assert.All(new DirectoryInfo(_folder).GetFiles(), file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode));
    }

    [Fact]
    public void A_committed_message_survives_a_crash()
    {
        Send("a");
        Commit();

        var message = Assert.Single(AfterCrash().Peek(SubQueueName.Main, 0, 10));

        Assert.Equal("a", Encoding.UTF8.GetString(message.Payload));
        Assert.Equal((1, Now), (message.Sequence, message.EnqueuedAt));
    }

    [Fact]
    public void What_was_not_committed_did_not_happen()
    {
        Send("a");
        Commit();
        Send("b");
        Settle(Take(), new Settlement.Complete());

        Assert.Equal("a", Encoding.UTF8.GetString(Assert.Single(AfterCrash().Peek(SubQueueName.Main, 0, 10)).Payload));
    }

    [Fact]
    public void A_completed_message_does_not_come_back()
    {
        Send("a");
        Commit();
        Settle(Take(), new Settlement.Complete());
        Commit();

        Assert.Empty(AfterCrash().Peek(SubQueueName.Main, 0, 10));
    }

    [Fact]
    public void A_message_that_came_and_went_in_one_batch_leaves_no_row()
    {
        Send("a");
        Settle(Take(), new Settlement.Complete());
        Commit();

        Assert.Empty(AfterCrash().Peek(SubQueueName.Main, 0, 10));
    }

    [Fact]
    public void A_lock_does_not_survive_and_a_crash_is_not_a_delivery()
    {
        Send("a");
        Settle(Take(), new Settlement.Abandon());
        Take();
        Commit();

        var restored = AfterCrash();

        Assert.Equal(new("orders", 1, 0, 0, 0), restored.Counts());
        Assert.Equal(1, restored.Take(SubQueueName.Main, remove: false, Now)!.Message.FailedDeliveries);
    }

    [Fact]
    public void A_schedule_survives()
    {
        Send("a", scheduledFor: Now + Hour, timeToLive: Hour);
        Commit();

        var restored = AfterCrash();
        Assert.Equal(new("orders", 0, 0, 1, 0), restored.Counts());

        restored.Advance(Now + Hour);
        Assert.Equal(1, restored.Counts().Active);
        restored.Advance(Now + (2 * Hour));
        Assert.Equal(0, restored.Counts().Active);
    }

    [Fact]
    public void A_message_that_became_active_stays_active()
    {
        Send("a", scheduledFor: Now + Hour);
        Commit();
        _queue.Advance(Now + Hour);
        Commit();

        Assert.Equal(Now + Hour, Assert.Single(AfterCrash().Peek(SubQueueName.Main, 0, 10)).EnqueuedAt);
        Assert.Equal(1, AfterCrash().Counts().Active);
    }

    [Fact]
    public void A_deferred_message_is_still_deferred()
    {
        var number = Send("a");
        Settle(Take(), new Settlement.Defer());
        Commit();

        var restored = AfterCrash();

        Assert.Null(restored.Take(SubQueueName.Main, remove: false, Now));
        Assert.NotNull(restored.TakeDeferred(SubQueueName.Main, [number], remove: false, Now));
    }

    [Fact]
    public void A_dead_letter_keeps_its_reason_and_its_changed_payload()
    {
        Send("a");
        Commit();
        Settle(Take(), new Settlement.DeadLetter(new("Bad", null), payload => [.. payload, .. "!"u8]));
        Commit();

        var restored = AfterCrash();

        Assert.Equal(new("orders", 0, 0, 0, 1), restored.Counts());
        var dead = Assert.Single(restored.Peek(SubQueueName.DeadLetters, 0, 10));
        Assert.Equal("a!", Encoding.UTF8.GetString(dead.Payload));
        Assert.Equal(new("Bad", null), dead.Why);
    }

    [Fact]
    public void Moving_to_the_dead_letters_is_one_transaction()
    {
        Send("a");
        Commit();

        Settle(Take(), new Settlement.DeadLetter());
        Assert.Equal(new("orders", 1, 0, 0, 0), AfterCrash().Counts());

        Commit();
        Assert.Equal(new("orders", 0, 0, 0, 1), AfterCrash().Counts());
    }

    [Fact]
    public void A_batch_that_cannot_be_written_leaves_nothing_behind()
    {
        Send("a");
        Commit();
        Settle(Take(), new Settlement.DeadLetter());
        Send("b");
        Execute("CREATE TRIGGER full BEFORE INSERT ON message BEGIN SELECT raise(ABORT, 'disk full'); END");

        Assert.Throws<SqliteException>(Commit);

        Assert.Equal(new("orders", 1, 0, 0, 0), AfterCrash().Counts());
    }

    [Fact]
    public void Numbers_are_not_used_again_after_a_restart()
    {
        Send("a");
        Settle(Take(), new Settlement.Complete());
        Commit();

        Assert.Equal(2, AfterCrash().Enqueue([new([1])], Now)[0]);
    }

    [Fact]
    public void A_queue_is_the_same_whatever_the_case_of_its_name()
    {
        Send("a");
        Commit();

        Assert.Equal(1, AfterCrash("ORDERS").Counts().Active);
        Assert.Equal(0, AfterCrash("other").Counts().Active);
    }

    [Fact]
    public void A_second_broker_on_the_same_file_is_refused()
    {
        var error = Assert.Throws<IOException>(() => SqliteJournal.Open(Path.Combine(_folder, "broker.db")).Dispose());

        Assert.Contains("in use by another broker", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_the_future_is_refused()
    {
        Execute("PRAGMA user_version = 9");
        _file.Dispose();

        var error = Assert.Throws<IOException>(() => SqliteJournal.Open(Path.Combine(_folder, "broker.db")));

        Assert.Contains("has format 9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_from_before_there_were_topics_is_taken_over()
    {
        Send("a");
        Commit();
        Execute("DROP TABLE seen; PRAGMA user_version = 1");
        _file.Dispose();

        using var file = SqliteJournal.Open(Path.Combine(_folder, "broker.db"));
        var restored = Queue();
        file.Queue("orders").Restore(restored);

        Assert.Equal(1, restored.Counts().Active);
    }

    [Fact]
    public void An_id_is_remembered_over_a_crash_and_forgotten_in_its_time()
    {
        Send("a");
        Commit();

        var restored = AfterCrash();
        restored.Enqueue([new([1]) { Id = "a" }], Now + Hour - TimeSpan.FromTicks(1));
        Assert.Equal(1, restored.Counts().Active);
        restored.Enqueue([new([1]) { Id = "a" }], Now + Hour);
        Assert.Equal(2, restored.Counts().Active);
    }

    [Fact]
    public void An_id_that_was_forgotten_is_gone_from_the_file()
    {
        Send("a");
        Commit();
        _queue.Enqueue([new([1]) { Id = "b" }], Now + Hour);
        Commit();

        using var rows = _file.Command("SELECT group_concat(id) FROM seen");
        Assert.Equal("b", rows.ExecuteScalar());
    }

    private static QueueState Queue() => new(new() { Name = "orders", DuplicateDetectionWindow = Hour });

    private long Send(string text, DateTimeOffset? scheduledFor = null, TimeSpan? timeToLive = null) =>
        _queue.Enqueue([new(Encoding.UTF8.GetBytes(text), timeToLive, scheduledFor) { Id = text }], Now)[0];

    private Delivery Take() => _queue.Take(SubQueueName.Main, remove: false, Now)!;

    private void Settle(Delivery delivery, Settlement settlement) =>
        Assert.True(_queue.Settle(SubQueueName.Main, [delivery.Lock!.Token], settlement));

    private void Commit()
    {
        _file.Commit([(_journal, _queue.Changes)]);
        _queue.Changes.Clear();
    }

    /// <summary>A new process would find this: the files as they lie there now, the log not yet folded in.</summary>
    private QueueState AfterCrash(string name = "orders")
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;
        foreach (var file in Directory.GetFiles(_folder, "broker.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        Assert.True(new FileInfo(Path.Combine(copy, "broker.db-wal")).Length > 0, "nothing was in the log");
        using var reopened = SqliteJournal.Open(Path.Combine(copy, "broker.db"));
        var restored = Queue();
        reopened.Queue(name).Restore(restored);
        return restored;
    }

    private void Execute(string text)
    {
        using var command = _file.Command(text);
        command.ExecuteNonQuery();
    }
}
