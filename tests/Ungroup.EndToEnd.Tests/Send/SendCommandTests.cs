using System.Text;
using Ungroup.Sandbox.Broker;

namespace Ungroup.EndToEnd.Tests.Send;

public sealed class SendCommandTests : IDisposable
{
    private const string Good = """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou"}""";
    private const string Typo = """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou","dryrun":true}""";

    private readonly Scratch _scratch = new();
    private readonly Terminal _cli = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Right_lines_are_sent_in_order()
    {
        await using var broker = await StartAsync();

        Assert.Equal(0, await _cli.RunAsync("send", "--bus", broker.ConnectionString, _scratch.File("q.jsonl", $"{Good}\n{Good}\n")));
        Assert.Equal(2, broker.Counts().Single().Active);
        Assert.StartsWith("2 of 2 messages sent to removals", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_wrong_line_keeps_all_from_being_sent_and_is_named()
    {
        await using var broker = await StartAsync();
        var file = _scratch.File("q.jsonl", $"{Good}\n{Good}\n{Typo}\n");

        Assert.Equal(2, await _cli.RunAsync("send", "--bus", broker.ConnectionString, file));
        Assert.Equal(0, broker.Counts().Single().Active);
        Assert.StartsWith($"{file}(3): `dryrun` is not a member of a request", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("1 of 3 lines are wrong; nothing was sent.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Force_sends_wrong_lines_too_and_standard_input_is_a_file()
    {
        await using var broker = await StartAsync();
        var cli = new Terminal { Input = Encoding.UTF8.GetBytes($"{Typo}\n\n") };

        Assert.Equal(0, await cli.RunAsync("send", "--bus", broker.ConnectionString, "--force", "-"));
        Assert.Equal(2, broker.Counts().Single().Active);
        Assert.Contains("stdin(2): ", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_is_not_there_is_said()
    {
        await using var broker = await StartAsync();

        Assert.Equal(2, await _cli.RunAsync("send", "--bus", broker.ConnectionString, "--queue", "other", _scratch.File("q.jsonl", Good)));
        Assert.StartsWith("ungroup: other at sb://127.0.0.1:", _cli.Error, StringComparison.Ordinal);
        Assert.EndsWith(" cannot be used: there is no such queue or topic.\n", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--bus", "nonsense", "cannot be used")]
    [InlineData("--bus", "ns.servicebus.windows.net", "Could not find file")]
    public async Task Bad_arguments_are_refused(string option, string value, string sentence)
    {
        Assert.Equal(2, await _cli.RunAsync("send", option, value, _scratch.At("missing.jsonl")));
        Assert.Contains(sentence, _cli.Error, StringComparison.Ordinal);
    }

    private static Task<ServiceBusBroker> StartAsync() =>
        ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new() { Name = "removals" }] }, Terminal.Patience);
}
