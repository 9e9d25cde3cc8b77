using System.Net;
using System.Net.Sockets;
using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Broker;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>Every command that uses a bus says at start what is wrong with it, and ends with exit code 2.</summary>
public sealed class SigningInTests : IAsyncLifetime
{
    private const string Request = """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou"}""";

    private readonly Scratch _scratch = new();
    private readonly Terminal _terminal = new();
    private ServiceBusBroker _broker = null!;

    public static TheoryData<string> Commands => ["worker", "send", "replay"];

    public async ValueTask InitializeAsync() => _broker = await ServiceBusBroker.StartAsync(
        new() { Port = 0, Queues = [new() { Name = "removals" }, new() { Name = "outcomes" }] }, Terminal.Patience);

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _scratch.Dispose();
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_wrong_key_is_said_and_not_repeated(string command)
    {
        var right = ServiceBusConnectionStringProperties.Parse(_broker.ConnectionString).SharedAccessKey;

        Assert.Equal(2, await RunAsync(command, _broker.ConnectionString.Replace(right, "d3Jvbmcta2V5", StringComparison.Ordinal)));

        Assert.Contains("ungroup: removals at sb://127.0.0.1:", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains(" cannot be used: the bus refuses this key or identity: ", _terminal.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("d3Jvbmcta2V5", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_queue_that_is_not_there_is_named(string command)
    {
        Assert.Equal(2, await RunAsync(command, _broker.ConnectionString, queue: "removal"));

        Assert.Contains(" cannot be used: there is no such queue or topic.", _terminal.Error, StringComparison.Ordinal);
        Assert.Contains("ungroup: removal at sb://127.0.0.1:", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_host_that_nobody_knows_is_named(string command)
    {
        Assert.Equal(2, await RunAsync(command, "Endpoint=sb://nobody.invalid;SharedAccessKeyName=n;SharedAccessKey=k"));

        Assert.Contains("ungroup: removals at sb://nobody.invalid cannot be used: ", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("send")]
    [InlineData("replay")]
    public async Task A_bus_where_nobody_listens_is_named(string command)
    {
        using var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var port = ((IPEndPoint)nobody.LocalEndpoint).Port;
        nobody.Stop();

        Assert.Equal(2, await RunAsync(command, $"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true"));

        Assert.Contains($"ungroup: removals at sb://127.0.0.1:{port} cannot be used: Connection refused.", _terminal.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task A_connection_string_for_another_queue_is_refused(string command)
    {
        Assert.Equal(2, await RunAsync(command, $"{_broker.ConnectionString.TrimEnd(';')};EntityPath=other"));

        Assert.StartsWith("ungroup: The connection string is for other alone (EntityPath=other), and removals ", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_for_the_queue_that_is_sent_to_is_enough()
    {
        Assert.Equal((0, ""), (await RunAsync("send", $"{_broker.ConnectionString.TrimEnd(';')};EntityPath=removals"), _terminal.Error));

        Assert.Equal(1, _broker.Counts().Single(queue => queue.Name == "removals").Active);
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Where_no_bus_is_given_the_environment_is_named_first(string command)
    {
        Assert.Equal(2, await RunAsync(command, bus: null));

        Assert.Contains("ungroup: No bus is given; set UNGROUP__Worker__Bus,", _terminal.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_and_a_settings_file_are_enough_to_send()
    {
        var file = _scratch.File("q.jsonl", Request);
        await using var byEnvironment = CliProcess.Start(["send", file], ("UNGROUP__Worker__Bus", _broker.ConnectionString));
        Assert.True(await byEnvironment.EndAsync(Terminal.Patience) == 0, byEnvironment.Output);

        var settings = _scratch.File("settings.json", $$"""{"Worker":{"Bus":"{{_broker.ConnectionString}}"} }""");
        Assert.Equal(0, await _terminal.RunAsync("send", "--settings", settings, file));

        Assert.Equal(2, _broker.Counts().Single(queue => queue.Name == "removals").Active);
    }

    [Theory]
    [InlineData("nowhere", "ungroup: Worker:Proxy is not the address of a proxy; expected http://HOST:PORT.")]
    [InlineData("http://127.0.0.1:9", "ungroup: removals at sb://ns.example cannot be used: ")]
    public async Task A_proxy_is_gone_through_or_refused(string proxy, string sentence)
    {
        var settings = _scratch.File("settings.json", $$"""{"Worker":{"Proxy":"{{proxy}}","Bus":"Endpoint=sb://ns.example;SharedAccessKeyName=n;SharedAccessKey=k"} }""");

        Assert.Equal(2, await _terminal.RunAsync("send", "--settings", settings, _scratch.File("q.jsonl", Request)));

        Assert.Contains(sentence, _terminal.Error, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(string command, string? bus, string queue = "removals")
    {
        string[] address = bus is null ? [] : ["--bus", bus];
        return _terminal.RunAsync(command switch
        {
            "worker" => ["worker", .. address, "--queue", queue, "--ledger", "memory"],
            "send" => ["send", .. address, "--queue", queue, _scratch.File("q.jsonl", Request)],
            _ => ["replay", .. address, "--queue", queue, "--ledger-path", _scratch.File("ledger.db", "")],
        });
    }
}
