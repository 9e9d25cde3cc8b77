using Amqp;
using Amqp.Framing;
using Ungroup.Cli.Amqp;

namespace Ungroup.EndToEnd.Tests.Amqp;

public sealed class QueueLinkTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settlements_that_wait_for_an_answer_fail_with_the_connection_all_of_them()
    {
        using var broker = new SilentBroker();
        var link = await QueueLink.OpenAsync(broker.Address, "removals", TimeProvider.System, Stop);
        Task[] postponing = [.. Enumerable.Range(0, 3).Select(_ => PostponeAsync(link))];
        await broker.Asked.WaitAsync(Soon, TimeProvider.System, Stop);

        await link.DisposeAsync();

        var ends = await Task.WhenAll(postponing.Select(settling =>
            Record.ExceptionAsync(() => settling.WaitAsync(Soon, TimeProvider.System, Stop)).AsTask()));
        Assert.All(ends, end => Assert.IsType<AmqpException>(end));
    }

    [Fact]
    public async Task A_lock_that_cannot_be_renewed_over_a_lost_connection_says_that()
    {
        using var broker = new SilentBroker();
        var link = await QueueLink.OpenAsync(broker.Address, "removals", TimeProvider.System, Stop);
        await link.DisposeAsync();

        var gone = await Record.ExceptionAsync(() => link.Locks.RenewAsync(Guid.NewGuid(), Stop).WaitAsync(Soon, TimeProvider.System, Stop));

        Assert.IsType<AmqpException>(gone);
    }

    private static Task PostponeAsync(QueueLink link)
    {
        var message = new Message("{}") { Properties = new Properties { MessageId = "m-1" } };
        var delivery = IncomingMessage.ToDelivery(message, TimeProvider.System.GetUtcNow());
        return link.SettleAsync(message, delivery, new Settlement.Postpone(TimeProvider.System.GetUtcNow() + Soon, "a test"));
    }
}
