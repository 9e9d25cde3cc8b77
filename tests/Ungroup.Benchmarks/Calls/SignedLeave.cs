using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Benchmarks.Processes;
using Ungroup.Ecs.Wire;

namespace Ungroup.Benchmarks.Calls;

/// <summary>Our client, registered as the product registers it. Every call is made, signed, sent, read and classified.</summary>
internal sealed class SignedLeave : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly EcsClient _client;

    public SignedLeave(Uri endpoint)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ecs:Endpoint"] = endpoint.ToString(),
            ["Accounts:default:Credentials"] = "Static",
            ["Accounts:default:AccessKeyId"] = BenchmarkWorld.KeyId,
            ["Accounts:default:AccessKeySecret"] = BenchmarkWorld.Secret,
        }).Build();
        _services = new ServiceCollection().AddLogging().AddUngroup(configuration).BuildServiceProvider();
        _client = _services.GetRequiredService<EcsClient>();
    }

    public async Task CallAsync(string instance)
    {
        var call = new EcsCall(
            "default", BenchmarkWorld.Region, "LeaveSecurityGroup",
            new("RegionId", BenchmarkWorld.Region), new("InstanceId", instance), new("SecurityGroupId", BenchmarkWorld.Group));
        var reply = await _client.SendAsync(call, CancellationToken.None);
        if (reply.Fault is not null || reply.RequestId is null)
        {
            throw new InvalidOperationException($"{instance}: {reply.Status} {reply.Code} {reply.Message}");
        }
    }

    public void Dispose() => _services.Dispose();
}
