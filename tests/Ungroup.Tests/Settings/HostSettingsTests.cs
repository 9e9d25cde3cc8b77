using System.Globalization;
using System.Text.Json;
using Ungroup.Ecs;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Settings;

/// <summary>Settings that host.json has to make, because the Functions host takes something else for granted.</summary>
public sealed class HostSettingsTests
{
    // A function app's host may still do this after a delivery has run as long as it may: send the copy, four times 20 s and pauses; settle, 30 s.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(4 * 20 + 7 + 30);

    private static readonly JsonElement Host = JsonElement.Parse(File.ReadAllText(Snapshot.Find("host.json")));
    private static readonly JsonElement Bus = Host.GetProperty("extensions").GetProperty("serviceBus");

    [Fact]
    public void Messages_are_settled_by_nobody_but_us() => Assert.False(Bus.GetProperty("autoCompleteMessages").GetBoolean());

    [Fact]
    public void No_message_waits_in_an_instance_while_its_lock_runs_out() => Assert.Equal(0, Bus.GetProperty("prefetchCount").GetInt32());

    [Fact]
    public void How_many_messages_an_instance_works_on_does_not_depend_on_its_cores() =>
        Assert.InRange(Bus.GetProperty("maxConcurrentCalls").GetInt32(), 1, 64);

    [Fact]
    public void A_lock_is_renewed_for_longer_than_a_delivery_takes_and_the_host_waits_for_it()
    {
        var renewed = Time(Bus.GetProperty("maxAutoLockRenewalDuration"));

        Assert.True(renewed > new EcsOptions().LongestRun + Settling, $"{renewed} is too short.");
        Assert.True(Time(Host.GetProperty("functionTimeout")) > renewed);
    }

    [Fact]
    public void Telemetry_is_open() => Assert.Equal("OpenTelemetry", Host.GetProperty("telemetryMode").GetString());

    private static TimeSpan Time(JsonElement value) => TimeSpan.Parse(value.GetString()!, CultureInfo.InvariantCulture);
}
