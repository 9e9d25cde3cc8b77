using Grpc.Net.Client;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Core;
using Microsoft.Azure.Functions.Worker.Settling;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

[assembly: WorkerExtensionStartup(typeof(StandInStartup))]

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Brings the client of the host's settlement service. The worker looks for start-ups in the app's referenced assemblies.</summary>
public sealed class StandInStartup : WorkerExtensionStartup
{
    private const string HostEndpoint = "Functions:Worker:HostEndpoint";

    public override void Configure(IFunctionsWorkerApplicationBuilder applicationBuilder) => applicationBuilder.Services
        .AddSingleton(services => GrpcChannel.ForAddress(services.GetRequiredService<IConfiguration>()[HostEndpoint]
            ?? throw new InvalidOperationException($"The Functions host did not say where it listens: {HostEndpoint} is not set.")))
        .AddSingleton(services => new Settlement.SettlementClient(services.GetRequiredService<GrpcChannel>()));
}
