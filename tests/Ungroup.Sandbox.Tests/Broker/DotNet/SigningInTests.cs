using Azure.Messaging.ServiceBus;
using Ungroup.Sandbox.Tests.Broker.Wire;

namespace Ungroup.Sandbox.Tests.Broker.DotNet;

public sealed class SigningInTests : IAsyncLifetime
{
    private OfficialBus _bus = null!;

    public async ValueTask InitializeAsync() => _bus = await OfficialBus.StartAsync();

    public ValueTask DisposeAsync() => _bus.DisposeAsync();

    [Fact]
    public async Task A_wrong_key_or_name_is_unauthorized_and_an_unknown_queue_not_found()
    {
        var properties = ServiceBusConnectionStringProperties.Parse(_bus.Broker.ConnectionString);
        await using var stranger = new ServiceBusClient(_bus.Broker.ConnectionString.Replace(properties.SharedAccessKey, "d3Jvbmc=", StringComparison.Ordinal));

        await using var misnamed = new ServiceBusClient(_bus.Broker.ConnectionString.Replace(properties.SharedAccessKeyName, "Other", StringComparison.Ordinal));

        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => misnamed.CreateSender(OfficialBus.Queue).SendMessageAsync(new("a"), OfficialBus.Stop));
        var refused = await Assert.ThrowsAsync<UnauthorizedAccessException>(() => stranger.CreateSender(OfficialBus.Queue).SendMessageAsync(new("a"), OfficialBus.Stop));
        var missing = await Assert.ThrowsAsync<ServiceBusException>(() => _bus.Client.CreateSender("nothing").SendMessageAsync(new("a"), OfficialBus.Stop));

        Assert.Contains("InvalidSignature", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, missing.Reason);
    }

    [Fact]
    public async Task A_signature_for_one_queue_opens_that_queue()
    {
        var properties = ServiceBusConnectionStringProperties.Parse(_bus.Broker.ConnectionString);
        var until = TimeProvider.System.GetUtcNow().AddMinutes(5);
        var token = SasToken.Create($"https://127.0.0.1/{OfficialBus.Queue}", until, properties.SharedAccessKey);
        await using var client = new ServiceBusClient($"Endpoint={properties.Endpoint};SharedAccessSignature={token};UseDevelopmentEmulator=true");

        await client.CreateSender(OfficialBus.Queue).SendMessageAsync(new("a"), OfficialBus.Stop);

        Assert.Equal(1, _bus.Counts.Active);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => client.CreateSender("other").SendMessageAsync(new("a"), OfficialBus.Stop));
    }

    [Fact]
    public async Task Two_hundred_clients_at_once_are_served()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            await using var client = new ServiceBusClient(_bus.Broker.ConnectionString);
            await client.CreateSender(OfficialBus.Queue).SendMessageAsync(new($"{i}"), OfficialBus.Stop);
        }));

        Assert.Equal(200, _bus.Counts.Active);
    }
}
