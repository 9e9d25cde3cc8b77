using System.Net;
using System.Net.Sockets;
using Ungroup.Cli.Worker;

namespace Ungroup.EndToEnd.Tests.Worker;

public sealed class WorkerCommandTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Terminal _terminal = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task Every_bad_setting_gets_a_sentence_and_nothing_is_started()
    {
        var exit = await _terminal.RunAsync("worker", "--bus", "nonsense", "--concurrency", "0", "--ecs-endpoint", "ftp://x/y", "--ledger", "memory");

        Assert.Equal(2, exit);
        Assert.Contains("ungroup: The bus address cannot be used", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains("ungroup: Worker:Concurrency must be between 1 and 1000.", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains("ungroup: Ecs:Endpoint is 'ftp://x/y'", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--concurrency", "many", "Worker:Concurrency")]
    [InlineData("--ledger", "paper", "Ledger:Kind")]
    [InlineData("--settings", "nowhere.json", "nowhere.json: there is no such file")]
    public async Task A_value_that_cannot_be_read_is_named(string option, string value, string expected)
    {
        Assert.Equal(2, await _terminal.RunAsync("worker", "--bus", "ns.servicebus.windows.net", option, value));
        Assert.StartsWith("ungroup: ", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains(expected, _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_without_an_account_and_an_account_that_is_not_there_are_told_before_anything_is_started()
    {
        var file = _scratch.File("settings.json", """{"Ledger":{"ConnectionString":"AccountName=a;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/a"}}""");

        Assert.Equal(2, await _terminal.RunAsync("worker", "--bus", "ns.servicebus.windows.net", "--ledger", "table"));
        Assert.Equal(2, await _terminal.RunAsync("worker", "--bus", "ns.servicebus.windows.net", "--ledger", "table", "--settings", file));

        Assert.Contains("ungroup: Ledger:Kind is Table and no storage account is named", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains("ungroup: The ledger http://127.0.0.1:9/a/ungroup did not answer 3 times in a row", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_settings_file_that_is_not_json_is_named()
    {
        var file = _scratch.File("settings.json", "{ \"Worker\": ");

        Assert.Equal(2, await _terminal.RunAsync("worker", "--settings", file));
        Assert.StartsWith($"ungroup: {file}: ", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_command_line_wins_over_the_settings_file()
    {
        var file = _scratch.File("settings.json", """{"Worker":{"Queues":"a,b,c","Outcomes":"told"},"Accounts":{"default":{"AccessKeyId":"x","AccessKeySecret":"y"}}}""");

        var settings = WorkerSettings.Read(file, [new("Worker:Queues", "only")]);

        Assert.Equal("only", settings["Worker:Queues"]);
        Assert.Equal("told", settings["Worker:Outcomes"]);
        Assert.Equal("Static", settings["Accounts:default:Credentials"]);
        Assert.Equal("Environment", WorkerSettings.Read(null, [])["Accounts:default:Credentials"]);
    }

    [Fact]
    public async Task A_bus_that_is_not_there_is_tried_again_until_the_worker_is_stopped()
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Terminal.Patience);

        var running = _terminal.RunAsync(stop.Token, "worker", "--bus", $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true", "--ledger", "memory");
        await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, Terminal.Patience));
        Assert.False(running.IsCompleted);
        await stop.CancelAsync();

        Assert.Equal(0, await running);
        Assert.DoesNotContain("ready", _terminal.Out, StringComparison.Ordinal);
    }
}
