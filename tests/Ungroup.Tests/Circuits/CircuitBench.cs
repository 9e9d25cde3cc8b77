using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Circuits;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Circuits;

/// <summary>Calls through the circuits of one instance, and what comes back from them.</summary>
internal sealed class CircuitBench
{
    public const string Leave = "LeaveSecurityGroup";
    public const string Read = "DescribeInstances";

    public static readonly CircuitPause Pause = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(15));

    public CircuitBench()
    {
        Circuits = new(Clock, Log);
    }

    public FakeTimeProvider Clock { get; } = new(Some.Now);

    public CollectingLog<CircuitRegistry> Log { get; } = new() { Least = LogLevel.Information };

    public CircuitRegistry Circuits { get; }

    public IEnumerable<string> Closed => Circuits.Snapshot().Select(closed => closed.Name);

    /// <summary>A call of another resource each time.</summary>
    public static CircuitCall Call(string group = "sg-1", string region = "r1", string? resource = null, string action = Leave, bool isIncident = false) =>
        new("a", region, action, group, resource ?? $"i-{Guid.NewGuid():N}", isIncident);

    public bool MayCall(CircuitCall call)
    {
        using var permit = Circuits.TryEnter(call, out _);
        return permit is not null;
    }

    public void Permit(CircuitCall call) => Make(call, permit => permit.Permitted());

    public void Deny(CircuitCall call) => Make(call, permit => permit.Refused(new(Evidence.Denied, "not permitted", Pause)));

    public void RefuseAccount(CircuitCall call) => Make(call, permit => permit.Refused(new(Evidence.AccountRefused, "no such key", Pause)));

    public void Fail(CircuitCall call, int mostFailures = 5) =>
        Make(call, permit => permit.Refused(new(Evidence.NoAnswer, "no answer", new(Pause.First, TimeSpan.FromMinutes(1))), mostFailures));

    public void Meet(string code, CircuitCall call) => Make(call, permit => permit.Refused(new(Evidence.Unfamiliar, code, Pause, code)));

    public void Make(CircuitCall call, Action<CircuitPermit> tell)
    {
        using var permit = Circuits.TryEnter(call, out var closed);
        Assert.True(permit is not null, $"{closed?.Name} stops it.");
        tell(permit);
    }
}
