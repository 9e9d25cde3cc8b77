using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Benchmarks.Processes;

/// <summary>
/// The simulator, which says on request how many of its calls had an effect, and beside it an endpoint that gives everybody
/// the same answer of the same size, headers included.
/// </summary>
internal static class EcsServer
{
    public const string Argument = "serve-ecs";

    private static readonly byte[] Answer = """{"RequestId":"473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E"}"""u8.ToArray();

    /// <summary>The process, the simulator's address and the plain endpoint's.</summary>
    public static async Task<(ChildProcess Process, Uri Ecs, Uri Plain)> StartAsync(int instances, bool spins)
    {
        var process = ChildProcess.StartServer(spins, Argument, $"{instances}");
        return (process, new Uri(await process.ReadLineAsync()), new Uri(await process.ReadLineAsync()));
    }

    public static async Task<int> ServeAsync(int instances)
    {
        await using var simulator = await EcsSimulator.StartAsync(BenchmarkWorld.Of(instances));
        await using var plain = PlainEndpoint();
        await plain.StartAsync();
        Console.WriteLine(simulator.Address);
        Console.WriteLine(plain.Urls.Single());
        while (await Console.In.ReadLineAsync() is not null)
        {
            var calls = simulator.Requests.Snapshot();
            Console.WriteLine($"{calls.Count(call => call.Effective)} of {calls.Count}");
        }

        return 0;
    }

    private static WebApplication PlainEndpoint()
    {
        // With defaults it would watch every file below the working folder, a contender's ledger among them.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls("http://127.0.0.1:0");
        var endpoint = builder.Build();
        endpoint.Run(static async http =>
        {
            var headers = http.Response.Headers;
            headers["x-acs-request-id"] = "473469C7-AA6F-4DC5-B3DB-A3DC0DE3C83E";
            headers["x-acs-trace-id"] = "473469c7aa6f4dc5b3dba3dc0de3c83e";
            headers.AccessControlAllowOrigin = "*";
            headers.AccessControlExposeHeaders = "*";
            headers.KeepAlive = "timeout=25";
            headers.ContentType = "application/json;charset=utf-8";
            headers.ContentLength = Answer.Length;
            await http.Response.Body.WriteAsync(Answer);
        });
        return endpoint;
    }
}
