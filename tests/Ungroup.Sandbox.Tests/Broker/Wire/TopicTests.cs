using Amqp;
using Amqp.Types;
using Ungroup.Sandbox.Broker;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class TopicTests : IAsyncLifetime
{
    private const string All = "told/Subscriptions/all";
    private const string Failures = "told/Subscriptions/failures";

    private static readonly Symbol ScheduledFor = "x-opt-scheduled-enqueue-time";

    private readonly string _folder = Directory.CreateTempSubdirectory("ungroup-topic-").FullName;
    private TestBroker _broker = null!;
    private Session _session = null!;
    private SenderLink _sender = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(Path.Combine(_folder, "journal.db"));
        _session = await _broker.ConnectAsync();
        _sender = _session.Sender("told");
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Each_subscription_has_a_copy_of_its_own_of_what_its_filter_lets_through()
    {
        await TellAsync("a", "Removed");
        await TellAsync("b", "Failed");

        var all = _session.Receiver(All);
        all.Accept(await all.OneAsync());
        all.Accept(await all.OneAsync());
        var failure = await _session.Receiver("TOLD/subscriptions/FAILURES").OneAsync();

        Assert.Equal(("b", "Failed"), (failure.Body, failure.ApplicationProperties["status"]));
        Assert.Equal((0, 1), (_broker.CountsOf(Failures).Active, _broker.CountsOf(Failures).Locked));
    }

    [Fact]
    public async Task What_one_subscription_dead_letters_is_none_of_the_others_business()
    {
        await TellAsync("a", "Failed");
        var failures = _session.Receiver(Failures);

        failures.Reject(await failures.OneAsync());

        Assert.Equal("a", (await _session.Receiver($"{Failures}/$DeadLetterQueue").OneAsync()).Body);
        Assert.Equal((1, 0), (_broker.CountsOf(All).Active, _broker.CountsOf(All).DeadLettered));
    }

    [Fact]
    public async Task An_id_that_came_within_the_window_is_taken_and_not_kept()
    {
        await TellAsync("a", "Removed");
        await TellAsync("a", "Removed");
        Assert.Equal(1, _broker.CountsOf(All).Active);

        _broker.Clock.Advance(TimeSpan.FromMinutes(9));
        await TellAsync("a", "Removed");
        Assert.Equal(1, _broker.CountsOf(All).Active);

        _broker.Clock.Advance(TimeSpan.FromMinutes(1));
        await TellAsync("a", "Removed");
        Assert.Equal(2, _broker.CountsOf(All).Active);
    }

    [Fact]
    public async Task Messages_without_an_id_are_no_duplicates_of_each_other()
    {
        await _sender.SendAsync(new Message("a"));
        await _sender.SendAsync(new Message("b"));

        Assert.Equal(2, _broker.CountsOf(All).Active);
    }

    [Fact]
    public async Task A_scheduled_message_is_copied_when_its_time_has_come()
    {
        var later = new Message("later") { Properties = new() { MessageId = "later" }, MessageAnnotations = new() };
        later.MessageAnnotations[ScheduledFor] = _broker.Clock.GetUtcNow().AddMinutes(5).UtcDateTime;
        await _sender.SendAsync(later);
        Assert.Equal(0, _broker.CountsOf(All).Active);

        var all = _session.Receiver(All, settled: true);
        await TellAsync("now", "Removed");
        Assert.Equal("now", (await all.OneAsync()).Body);
        _broker.Clock.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("later", (await all.OneAsync()).Body);
    }

    [Fact]
    public async Task A_message_of_a_topic_lives_as_long_as_the_topic_says()
    {
        await TellAsync("a", "Failed");
        var all = await _session.Receiver(All).OneAsync();
        Assert.Equal(TimeSpan.FromDays(1).TotalMilliseconds, all.Header.Ttl);

        _broker.Clock.Advance(TimeSpan.FromDays(1));
        await TellAsync("b", "Failed");

        Assert.Equal(1, _broker.CountsOf(Failures).Active);
    }

    [Fact]
    public async Task What_was_taken_is_in_every_subscription_after_a_crash_and_its_id_is_remembered()
    {
        await TellAsync("a", "Failed");
        await TellAsync("b", "Removed");
        var later = new Message("later") { Properties = new() { MessageId = "later" }, MessageAnnotations = new() };
        later.MessageAnnotations[ScheduledFor] = _broker.Clock.GetUtcNow().AddMinutes(5).UtcDateTime;
        await _sender.SendAsync(later);
        var all = _session.Receiver(All);
        all.Accept(await all.OneAsync());
        await TellAsync("after the accept", "Removed");

        await using var again = await TestBroker.StartAsync(JournalAsACrashLeavesIt());
        var session = await again.ConnectAsync();
        await TellAsync("a", "Failed", session.Sender("told"));

        Assert.Equal((2, 1), (again.CountsOf(All).Active, again.CountsOf(Failures).Active));
        again.Clock.Advance(TimeSpan.FromMinutes(5));
        await TellAsync("fence", "Removed", session.Sender("told"));
        Assert.Equal(4, again.CountsOf(All).Active);
    }

    [Fact]
    public async Task What_a_queue_of_that_name_held_is_in_every_subscription()
    {
        var journal = Path.Combine(_folder, "queue.db");
        await using (var before = await ServiceBusBroker.StartAsync(
            new() { Port = 0, Key = TestBroker.Key, JournalPath = journal, Queues = [new() { Name = "told" }] }, TestContext.Current.CancellationToken))
        {
            await TellAsync("old", "Failed", (await _broker.ConnectAsync(port: before.Port)).Sender("told"));
        }

        await using var now = await TestBroker.StartAsync(journal);
        await TellAsync("new", "Failed", (await now.ConnectAsync()).Sender("told"));

        Assert.Equal((2, 2), (now.CountsOf(All).Active, now.CountsOf(Failures).Active));
    }

    [Theory]
    [InlineData("told", true, "'told' is a topic. Receive from one of its subscriptions: told/Subscriptions/all, told/Subscriptions/failures.")]
    [InlineData("told/$DeadLetterQueue", true, "'told' is a topic.")]
    [InlineData("told/Subscriptions/none", true, "could not be found")]
    [InlineData("orders/Subscriptions/all", true, "could not be found")]
    [InlineData(All, false, "a subscription gets what is sent to its topic.")]
    [InlineData($"{All}/$DeadLetterQueue", false, "messages get there by being dead-lettered.")]
    public async Task Links_that_make_no_sense_are_refused_with_a_sentence(string address, bool receives, string sentence)
    {
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        Link link = receives ? _session.Receiver(address) : _session.Sender(address);
        link.AddClosedCallback((_, error) => closed.TrySetResult(error?.Description ?? ""));

        Assert.Contains(sentence, await closed.Task.WaitAsync(TestBroker.Soon, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private Task TellAsync(string id, string status, SenderLink? sender = null) => (sender ?? _sender).SendAsync(new Message(id)
    {
        Properties = new() { MessageId = id },
        ApplicationProperties = new() { ["status"] = status },
    });

    private string JournalAsACrashLeavesIt()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder, "copy")).FullName;
        foreach (var file in Directory.GetFiles(_folder, "journal.db*"))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        return Path.Combine(copy, "journal.db");
    }
}
