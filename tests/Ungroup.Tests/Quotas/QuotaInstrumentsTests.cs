using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Quotas;
using Ungroup.Quotas.Fleet;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

public sealed class QuotaInstrumentsTests
{
    private const string Quota = "default/cn-hangzhou/LeaveSecurityGroup";

    private readonly FakeTimeProvider _clock = new(Some.Now);

    [Fact]
    public void Pace_quota_fleet_and_refused_calls_can_be_watched()
    {
        var options = new PaceOptions();
        options.Quotas["LeaveSecurityGroup"] = 600;
        var limiters = SomeLimiters.New(_clock, options);
        var membership = new FleetMembership(
            limiters, new MemoryLedgerStore(_clock), LedgerOwner.New(), () => 0.5, NullLogger<FleetMembership>.Instance);
        using var meter = new Meter("test");
        QuotaInstruments.AddTo(meter, limiters, membership);
        Assert.Equal(["ungroup.pace.fleet = 1"], Seen(meter));

        Assert.NotNull(limiters.Refuse(SomeQuota.Key, TimeSpan.FromSeconds(20)));

        Assert.Equal(
            [
                "ungroup.pace.fleet = 1",
                $"ungroup.pace.quota = 600, basis Told, quota {Quota}",
                $"ungroup.pace.rate = 8, quota {Quota}",
                $"ungroup.quota.refused = 1, quota {Quota}",
            ],
            Seen(meter));
    }

    private static List<string> Seen(Meter meter)
    {
        var seen = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => Listen(instrument, listener, meter) };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => seen.Add(Said(instrument, value, tags)));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => seen.Add(Said(instrument, value, tags)));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => seen.Add(Said(instrument, value, tags)));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. seen.Order(StringComparer.Ordinal)];
    }

    private static void Listen(Instrument instrument, MeterListener listener, Meter meter)
    {
        if (instrument.Meter == meter)
        {
            listener.EnableMeasurementEvents(instrument);
        }
    }

    private static string Said(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => string.Join(
        ", ",
        [
            $"{instrument.Name} = {value.ToString(CultureInfo.InvariantCulture)}",
            .. tags.ToArray().OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key} {tag.Value}"),
        ]);
}
