using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Broker;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

/// <summary>The way to a real Service Bus is TLS; here a front with a certificate of the test's own.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private const string Request = """{"instanceId":"i-1","securityGroupId":"sg-1","regionId":"cn-hangzhou"}""";

    private readonly Scratch _scratch = new();
    private ServiceBusBroker _broker = null!;
    private TlsFront _front = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _broker = await ServiceBusBroker.StartAsync(new() { Port = 0, Queues = [new() { Name = "removals" }] }, Stop);
        _front = new(ServiceBusConnectionStringProperties.Parse(_broker.ConnectionString).Endpoint.Port);
    }

    public async ValueTask DisposeAsync()
    {
        await _front.DisposeAsync();
        await _broker.DisposeAsync();
        _scratch.Dispose();
    }

    [Fact]
    public async Task A_broker_with_a_certificate_that_is_trusted_takes_messages_over_TLS()
    {
        // More than fits one TLS record, and more messages than leave at once.
        var lines = Enumerable.Range(0, 500).Select(number => Request.Replace("i-1", $"i-{number}", StringComparison.Ordinal));
        await using var send = Send(lines, ("SSL_CERT_FILE", _scratch.File("trusted.pem", _front.Pem)));

        Assert.True(await send.EndAsync(Stop) == 0, send.Output);

        Assert.Equal(500, _broker.Counts().Single().Active);
    }

    [Fact]
    public async Task A_broker_whose_certificate_nobody_vouches_for_gets_nothing()
    {
        await using var send = Send([Request]);

        Assert.Equal(2, await send.EndAsync(Stop));

        Assert.Equal(0, _broker.Counts().Single().Active);
        Assert.Contains("certificate", send.Output, StringComparison.OrdinalIgnoreCase);
    }

    private CliProcess Send(IEnumerable<string> lines, params IEnumerable<(string Name, string Value)> environment) => CliProcess.Start(
        ["send", "--bus", BusOverTls(), _scratch.File("q.jsonl", string.Join('\n', lines))], environment);

    private string BusOverTls()
    {
        var bus = ServiceBusConnectionStringProperties.Parse(_broker.ConnectionString);
        return $"Endpoint=sb://localhost:{_front.Port};SharedAccessKeyName={bus.SharedAccessKeyName};SharedAccessKey={bus.SharedAccessKey}";
    }
}
