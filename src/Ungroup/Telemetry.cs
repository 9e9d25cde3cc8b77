using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ungroup.Circuits;
using Ungroup.Display;
using Ungroup.Holds;
using Ungroup.Messages;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Requests;

namespace Ungroup;

/// <summary>The names under which Ungroup can be watched: activity source and meter <c>Ungroup</c>.</summary>
public sealed class Telemetry
{
    /// <summary>The name of both.</summary>
    public const string Name = "Ungroup";

    private static readonly ActivitySource Source = new(Name);

    private readonly Meter _meter;
    private readonly Counter<long> _settlements;
    private readonly Counter<long> _outcomes;
    private readonly Counter<long> _calls;
    private readonly Counter<long> _untold;
    private readonly Counter<long> _held;
    private readonly Histogram<double> _age;

    internal Telemetry(IMeterFactory meters, QuotaLimiters limiters, CircuitRegistry circuits)
    {
        var meter = _meter = meters.Create(Name);
        _settlements = meter.CreateCounter<long>("ungroup.settlements", "{message}", "Messages settled, by settlement.");
        _outcomes = meter.CreateCounter<long>("ungroup.outcomes", "{outcome}", "Outcomes decided, by status and code.");
        _calls = meter.CreateCounter<long>("ungroup.ecs.calls", "{call}", "HTTP calls to ECS.");
        _untold = meter.CreateCounter<long>("ungroup.rejections.untold", "{message}", "Messages dead-lettered although the outcome bus did not take their Rejected event.");
        _held = meter.CreateCounter<long>("ungroup.held", "{request}", "Requests put back because of a hold, by account and origin; each comes back within four minutes, and counts again.");
        _age = meter.CreateHistogram<double>("ungroup.outcome.age", "s", "From the enqueueing to the outcome; from when it was first taken up where it had to wait.");
        meter.CreateObservableGauge(
            "ungroup.gates.closed", () => circuits.Snapshot().Select(closed => Closed(closed.Name, closed.Reason)).Concat(limiters.Snapshot().Select(closed => Closed(closed.Name, closed.Reason))), "{gate}", "1 for each circuit that is closed and each quota that is used up, by name and reason.");
        meter.CreateObservableCounter(
            "ungroup.quota.consumed_by_others", () => limiters.All.Sum(limiter => limiter.Look().Counts.ByOthers), "{call}", "Calls refused although ours had used less than the quota.");
    }

    internal Telemetry WithFleet(QuotaLimiters limiters, FleetMembership membership)
    {
        QuotaInstruments.AddTo(_meter, limiters, membership);
        return this;
    }

    private static Measurement<int> Closed(string name, string reason) => new(1, new("gate", name), new("reason", reason));

    internal static Activity? Begin(Delivery delivery)
    {
        var parent = ActivityContext.TryParse(delivery.TraceParent, null, isRemote: true, out var remote) ? remote : default;
        return Source.StartActivity("ungroup handle", ActivityKind.Consumer, parent)
            ?.SetTag("messaging.message.id", DisplayText.Of(delivery.MessageId))
            .SetTag("ungroup.postponements", delivery.Postponements);
    }

    internal static void Describe(RemovalRequest request) => Activity.Current
        ?.SetTag("ungroup.request_id", request.RequestId)
        .SetTag("ungroup.account", request.Account)
        .SetTag("ungroup.action", request.Action == RequestAction.Remove ? null : request.Action.ToString())
        .SetTag("ungroup.resource", request.Resource?.Value)
        .SetTag("ungroup.security_group", request.SecurityGroup?.Value)
        .SetTag("ungroup.region", request.RegionId);

    internal void Decided(Outcome outcome, TimeSpan age)
    {
        Activity.Current?.SetTag("ungroup.status", outcome.Status.ToString()).SetTag("ungroup.code", outcome.Code);
        _outcomes.Add(1, new("status", outcome.Status.ToString()), new("code", outcome.Code));
        _age.Record(age.TotalSeconds, new KeyValuePair<string, object?>("status", outcome.Status.ToString()));
    }

    internal void Broken(int count)
    {
        if (count > 0)
        {
            _outcomes.Add(count, new("status", "Broken"), new("code", null));
        }
    }

    internal void Held(HoldSubject subject) => _held.Add(1, new("account", subject.Account), new("origin", subject.Origin.ToString()));

    internal void Untold(Outcome outcome) => _untold.Add(1, new KeyValuePair<string, object?>("code", outcome.Code));

    internal void Settled(Settlement settlement)
    {
        var name = settlement.GetType().Name;
        Activity.Current?.SetTag("ungroup.settlement", name).SetTag("ungroup.replayed", settlement.Replayed);
        _settlements.Add(1, new("settlement", name), new("replayed", settlement.Replayed));
        if (settlement.Calls.EcsCalls > 0)
        {
            _calls.Add(settlement.Calls.EcsCalls);
        }
    }
}
