using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Messages;
using Ungroup.Pace;
using Ungroup.Requests;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

public sealed class PaceInstrumentsTests
{
    private const string Quota = "default/cn-hangzhou/LeaveSecurityGroup";

    private readonly FakeTimeProvider _clock = new(Some.Now);

    [Fact]
    public void Pace_quota_fleet_and_refused_calls_can_be_watched()
    {
        var options = new PaceOptions();
        options.Quotas["LeaveSecurityGroup"] = 600;
        var governors = new Governors(Options.Create(options), () => 0.5);
        var fleet = new Fleet(governors, new MemoryLedgerStore(_clock), LedgerOwner.New(), () => 0.5, _clock, NullLogger<Fleet>.Instance);
        using var meter = new Meter("test");
        PaceInstruments.AddTo(meter, governors, fleet, _clock);
        Assert.Equal(["ungroup.pace.fleet = 1"], Seen(meter));

        var governor = governors[new("default", "cn-hangzhou", "LeaveSecurityGroup")];
        Assert.True(governor.TryTake(Origin.Upstream, _clock.GetUtcNow(), out _));
        new PaceTurn(governor, _clock).Refused(TimeSpan.FromSeconds(20));

        // It came after no call at all of a quota of 600: what of it is left to us has to be found out again.
        Assert.Equal(
            [
                "ungroup.pace.fleet = 1",
                $"ungroup.pace.quota = 240, basis AtMost, quota {Quota}, shape Window",
                $"ungroup.pace.rate = 2, quota {Quota}",
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
