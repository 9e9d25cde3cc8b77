using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ecs.Containment;

/// <summary>A worker, a world of hosts, and a ledger that outlives the worker.</summary>
internal sealed class ContainBench : IAsyncDisposable
{
    private static readonly (string, string)[] Standard =
        [("Accounts:default:IsolationGroups:0", "sg-iso"), ("Accounts:default:DefaultRegion", "cn-hangzhou")];

    private readonly (string, string)[] _settings;
    private readonly List<HandlerBench> _workers = [];

    public ContainBench(params (string Key, string Value)[] settings)
    {
        _settings = [.. Standard, .. settings];
        Store = new MemoryLedgerStore(Clock);
        World.Group("sg-iso");
        Restart();
    }

    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public ILedgerStore Store { get; }

    public HostWorld World { get; } = new();

    public HandlerBench Worker => _workers[^1];

    /// <summary>Another process goes on with the same ledger.</summary>
    public void Restart() => _workers.Add(new(Clock, Store, environment: null, World, _settings));

    public Task<JsonElement> ContainAsync(string resource, string requestId = "con-1", string more = "") => EndAsync(Contain(resource, requestId, more));

    /// <summary>One delivery, and what becomes of its message.</summary>
    public Task<Settlement> BeginContainAsync(string resource, string requestId = "con-1") => Worker.HandleAsync(Some.Delivery(Contain(resource, requestId, ""), "m-begin"));

    public Task<JsonElement> RestoreAsync(string of = "con-1", string requestId = "res-1", string more = "") =>
        EndAsync($$"""{"requestId":"{{requestId}}","action":"restore","of":"{{of}}"{{more}}}""");

    public Task<JsonElement> RemoveAsync(string resource, string group, string requestId = "rem-1", string more = "") => EndAsync(
        $$"""{"requestId":"{{requestId}}","{{Member(resource)}}":"{{resource}}","securityGroupId":"{{group}}","regionId":"cn-hangzhou"{{more}}}""");

    /// <summary>So much time passes that each contained resource is looked at.</summary>
    public async Task HourAsync()
    {
        Clock.Advance(TimeSpan.FromMinutes(61));
        await Worker.SweepAsync();
    }

    /// <summary>The data of each event that tells of a broken containment.</summary>
    public IReadOnlyList<JsonElement> Broken() =>
    [
        .. Worker.Bus.Published.Where(outcome => outcome.Type == "ungroup.containment.Broken.v1")
            .Select(outcome => JsonElement.Parse(outcome.Json.Span).GetProperty("data")),
    ];

    /// <summary>Delivers until there is an outcome, and returns its data.</summary>
    public async Task<JsonElement> EndAsync(string body)
    {
        for (var deliveries = 0; ; deliveries++)
        {
            Assert.True(deliveries < 50, "It has not ended.");
            var settlement = await Worker.HandleAsync(Some.Delivery(body, "m-" + body.GetHashCode(StringComparison.Ordinal)));
            switch (settlement)
            {
                case Settlement.Complete { Outcome: { } outcome }:
                    return JsonElement.Parse(outcome.Json.Span).GetProperty("data");

                case Settlement.Postpone postpone:
                    if (postpone.Until > Clock.GetUtcNow())
                    {
                        Clock.SetUtcNow(postpone.Until);
                    }

                    break;

                default:
                    throw new InvalidOperationException($"{settlement}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var worker in _workers)
        {
            await worker.DisposeAsync();
        }
    }

    private static string Contain(string resource, string requestId, string more) =>
        $$"""{"requestId":"{{requestId}}","action":"contain","{{Member(resource)}}":"{{resource}}","regionId":"cn-hangzhou"{{more}}}""";

    private static string Member(string resource) => resource.StartsWith("i-", StringComparison.Ordinal) ? "instanceId" : "networkInterfaceId";
}
