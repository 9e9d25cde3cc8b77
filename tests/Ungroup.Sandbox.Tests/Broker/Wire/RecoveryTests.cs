using Amqp;
using Amqp.Framing;
using Microsoft.Data.Sqlite;
using Ungroup.Sandbox.Broker.Journal;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class RecoveryTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ungroup-broker-").FullName;

    private string Journal => Path.Combine(_folder, "deep", "broker.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Everything_acknowledged_is_there_after_a_restart()
    {
        await using (var broker = await TestBroker.StartAsync(Journal))
        {
            var session = await broker.ConnectAsync();
            await Task.WhenAll(Enumerable.Range(0, 500).Select(i => session.Sender("orders").SendTextAsync($"{i}")));
            var receiver = session.Receiver("orders");
            receiver.Accept(await receiver.OneAsync());
            receiver.Reject(await receiver.OneAsync(), new Error("my:reason"));
            receiver.Release(await receiver.OneAsync());
            await receiver.OneAsync();
            await session.Sender("other").SendTextAsync("fence");
        }

        await using var restarted = await TestBroker.StartAsync(Journal);

        Assert.Equal(new("orders", 498, 0, 0, 1), restarted.Counts);
        var again = (await restarted.ConnectAsync()).Receiver("orders/$deadletterqueue");
        Assert.Equal("my:reason", (await again.OneAsync()).ApplicationProperties["DeadLetterReason"]);
    }

    [Fact]
    public async Task A_broker_whose_journal_fails_hangs_up_and_says_so()
    {
        await (await TestBroker.StartAsync(Journal)).DisposeAsync();
        RefuseSecondMessage();
        await using var broker = await TestBroker.StartAsync(Journal);
        var sender = (await broker.ConnectAsync()).Sender("orders");
        await sender.SendTextAsync("a");

        await Assert.ThrowsAsync<AmqpException>(() => sender.SendTextAsync("b"));

        await Assert.ThrowsAsync<SqliteException>(() => broker.Broker.Completion.WaitAsync(TestBroker.Soon, TestContext.Current.CancellationToken));
    }

    private void RefuseSecondMessage()
    {
        using var file = SqliteJournal.Open(Journal);
        using var command = file.Command(
            "CREATE TRIGGER full BEFORE INSERT ON message WHEN new.sequence = 2 BEGIN SELECT raise(ABORT, 'disk full'); END");
        command.ExecuteNonQuery();
    }
}
