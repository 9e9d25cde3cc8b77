using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Sandbox.Ecs;

namespace Ungroup.Sandbox.Tests.Ecs.Support;

/// <summary>A simulator, a fake clock and a client that signs, for the length of one test.</summary>
internal sealed class Sim : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero, AllowAutoRedirect = false });

    private Sim(EcsSimulator simulator, FakeTimeProvider clock) => (Simulator, Clock) = (simulator, clock);

    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public EcsSimulator Simulator { get; }

    public FakeTimeProvider Clock { get; }

    public World World => Simulator.World;

    public static async Task<Sim> StartAsync(World world, DateTimeOffset? now = null, Action<SimulatorOptions>? configure = null)
    {
        var clock = new FakeTimeProvider(now ?? Noon);
        var options = new SimulatorOptions { Clock = clock };
        configure?.Invoke(options);
        return new Sim(await EcsSimulator.StartAsync(world, options, TestContext.Current.CancellationToken), clock);
    }

    public SignedCall Call(string action, params (string Name, string Value)[] parameters) =>
        new(action, parameters, Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));

    public Task<Answer> SendAsync(string action, params (string Name, string Value)[] parameters) => SendAsync(Call(action, parameters));

    public Task<Answer> SendAsync(SignedCall call) => SendAsync(TestSigner.V3(Simulator.Address, call));

    public async Task<Answer> SendAsync(HttpRequestMessage message)
    {
        using (message)
        {
            using var response = await _http.SendAsync(message, TestContext.Current.CancellationToken);
            return await Answer.ReadAsync(response);
        }
    }

    public Task<Answer> LeaveAsync(string resource, string group) => SendAsync(Edge("LeaveSecurityGroup", resource, group));

    /// <summary>With a content, though it is empty: .NET sends what has none again where it finds a pooled connection closed.</summary>
    public Task<Answer> LeaveOnceAsync(string resource, string group)
    {
        var message = TestSigner.V3(Simulator.Address, Edge("LeaveSecurityGroup", resource, group));
        message.Content ??= new ByteArrayContent([]);
        return SendAsync(message);
    }

    public Task<Answer> JoinAsync(string resource, string group) => SendAsync(Edge("JoinSecurityGroup", resource, group));

    public async Task<JsonElement> GetAsync(string path)
    {
        var text = await _http.GetStringAsync(new Uri(Simulator.Address, path), TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    public async Task<Answer> PostAsync(string path, string json)
    {
        using var content = new StringContent(json);
        using var response = await _http.PostAsync(new Uri(Simulator.Address, path), content, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Simulator.DisposeAsync();
    }

    private SignedCall Edge(string action, string resource, string group) => Call(
        action,
        (resource.StartsWith("i-", StringComparison.Ordinal) ? "InstanceId" : "NetworkInterfaceId", resource),
        ("SecurityGroupId", group),
        ("RegionId", "r1"));
}

internal sealed record Answer(int Status, string Body, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Code => Status == 200 ? null : Json.GetProperty(nameof(Code)).GetString();

    public static async Task<Answer> ReadAsync(HttpResponseMessage response) => new(
        (int)response.StatusCode,
        await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
        response.Content.Headers.ContentType?.ToString(),
        response.Headers.ToDictionary(header => header.Key.ToLowerInvariant(), header => string.Join(',', header.Value)));
}
