using System.Text;
using Azure.Messaging.ServiceBus;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.EndToEnd.Tests.Crash;
using Ungroup.Sandbox.Broker;

namespace Ungroup.EndToEnd.Tests.Sandbox;

public sealed class LineFeedTests : IAsyncLifetime
{
    private readonly Dictionary<RequestLine, TaskCompletionSource> _done = [];
    private readonly CancellationTokenSource _stop = new();
    private ServiceBusBroker _broker = null!;
    private ServiceBusClient _client = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker = await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new() { Name = "removals" }] });
        _client = new(_broker.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        _stop.Dispose();
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"requestId":"r-1",""")]
    [InlineData("""{"requestId":"r-1","expiresAt":"2026-12-01T06:00:00Z",""")]
    public async Task A_line_is_sent_when_the_one_with_its_key_before_it_is_done_with(string begin)
    {
        var lines = Lines(Request(begin), Request("""{"requestId":"r-2","""), Request(begin), Request(begin));
        var feed = new LineFeed(_client.CreateSender("removals"), lines);
        Assert.Equal(2, feed.Followers);
        Assert.Equal(2, await feed.SendFirstAsync(Stop));
        var followers = feed.SendFollowersAsync(DoneAsync, Stop);
        Assert.Equal([lines[0].MessageId, lines[1].MessageId], await WaitingAsync());

        Done(lines[1]);
        await ReceiveAsync(lines[0]);
        await ReceiveAsync(lines[1]);
        Assert.Empty(await WaitingAsync());

        Done(lines[0]);
        await ReceiveAsync(lines[2]);
        Assert.False(followers.IsCompleted);

        Done(lines[2]);
        await ReceiveAsync(lines[3]);
        await followers;
    }

    [Fact]
    public async Task Of_a_job_the_second_line_follows_the_first_and_a_line_that_is_no_request_follows_none()
    {
        const string job = """{"jobId":"JOB-7","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1"]}""";
        var lines = Lines(job, "not json", job, "not json");
        var feed = new LineFeed(_client.CreateSender("removals"), lines);

        Assert.Equal(3, await feed.SendFirstAsync(Stop));
        Assert.Equal([lines[0].MessageId, lines[1].MessageId, lines[3].MessageId], await WaitingAsync());
    }

    [Fact]
    public async Task Nothing_follows_once_the_run_is_over()
    {
        var lines = Lines(Request("""{"requestId":"r-1","""), Request("""{"requestId":"r-1","""));
        var feed = new LineFeed(_client.CreateSender("removals"), lines);
        await feed.SendFirstAsync(Stop);

        var followers = feed.SendFollowersAsync(DoneAsync, _stop.Token);
        await _stop.CancelAsync();
        await followers;
        Assert.Equal([lines[0].MessageId], await WaitingAsync());
    }

    private Task DoneAsync(RequestLine line) => Of(line).Task;

    private void Done(RequestLine line) => Of(line).SetResult();

    private TaskCompletionSource Of(RequestLine line)
    {
        lock (_done)
        {
            return _done.TryGetValue(line, out var done) ? done : _done[line] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private async Task ReceiveAsync(RequestLine line)
    {
        await using var receiver = _client.CreateReceiver("removals", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        Assert.Equal(line.MessageId, (await receiver.ReceiveMessageAsync(TimeSpan.FromSeconds(30), Stop))?.MessageId);
    }

    private Task<IReadOnlyList<string>> WaitingAsync() => QueuePeek.IdsAsync(_broker.ConnectionString, "removals", Stop);

    private static RequestLine[] Lines(params string[] bodies) => [.. RequestLine.Split(Encoding.UTF8.GetBytes(string.Join('\n', bodies)))];

    private static string Request(string begin) =>
        $$"""{{begin}}"instanceId":"i-bp1web00000000000001","securityGroupId":"sg-bp1web00000000000001","regionId":"cn-hangzhou"}""";
}
