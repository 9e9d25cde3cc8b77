using Ungroup.FunctionsHost;
using Ungroup.FunctionsHost.Rpc;
using Ungroup.FunctionsHost.Triggers;
using Ungroup.FunctionsHost.Triggers.Queues;
using Ungroup.FunctionsHost.Triggers.Timers;

namespace Ungroup.EndToEnd.Tests.FunctionsHost;

public sealed class TriggerTests
{
    [Fact]
    public void A_trigger_is_found_among_the_bindings_of_the_worker()
    {
        var trigger = Assert.IsType<Trigger.Queue>(Of(
            """{ "name": "$return", "type": "http", "direction": "Out" }""",
            """{ "name": "message", "direction": "In", "type": "serviceBusTrigger", "queueName": "%Queue%", "connection": "Bus", "autoCompleteMessages": "False" }"""));

        Assert.Equal(("F", "message", false), (trigger.Function, trigger.Parameter, trigger.Flag("autoCompleteMessages")));
        Assert.Null(QueueListener.ReasonToLeaveOut(trigger));
        var settings = new AppSettings(new Dictionary<string, string> { ["Queue"] = "removals", ["Bus"] = "Endpoint=sb://here" });
        Assert.Equal(("removals", "Endpoint=sb://here"), (settings.Resolve(trigger.Text("queueName")!), settings.Connection(trigger)));
    }

    [Theory]
    [InlineData("""{ "name": "m", "type": "serviceBusTrigger", "queueName": "q", "isSessionsEnabled": true }""", "it asks for sessions")]
    [InlineData("""{ "name": "m", "type": "serviceBusTrigger", "queueName": "q", "cardinality": "Many" }""", "it asks for batches")]
    public void What_only_the_Functions_host_can_receive_is_left_out_with_a_reason(string binding, string reason) =>
        Assert.Equal(reason, QueueListener.ReasonToLeaveOut(Assert.IsType<Trigger.Queue>(Of(binding))));

    [Fact]
    public void A_kind_of_trigger_that_is_not_known_keeps_its_name() =>
        Assert.Equal("blobTrigger", Assert.IsType<Trigger.Other>(Of("""{ "name": "b", "type": "blobTrigger" }""")).Type);

    [Fact]
    public void A_setting_that_is_not_there_is_named()
    {
        var settings = new AppSettings(new Dictionary<string, string>());

        Assert.Contains("%Queue%", Assert.Throws<FunctionsHostException>(() => settings.Resolve("%Queue%")).Message, StringComparison.Ordinal);
        Assert.Contains(
            "the connection Bus", Assert.Throws<FunctionsHostException>(
                () => settings.Connection(Of("""{ "name": "m", "type": "serviceBusTrigger", "connection": "Bus" }"""))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0 */1 * * * *", "2026-01-02T03:05:00Z")]
    [InlineData("30 4 * * *", "2026-01-02T04:30:00Z")]
    [InlineData("*/5 * * * * MON-FRI", "2026-01-02T03:04:10Z")]
    [InlineData("00:00:20", "2026-01-02T03:04:25.5Z")]
    public void A_schedule_says_when_the_next_run_is(string schedule, string next) => Assert.Equal(
        DateTimeOffset.Parse(next, null), Schedule.Parse("F", schedule).After(DateTimeOffset.Parse("2026-01-02T03:04:05.5Z", null)));

    [Theory]
    [InlineData("now and then")]
    [InlineData("-00:00:20")]
    public void A_schedule_that_is_none_is_refused(string schedule) =>
        Assert.Contains(schedule, Assert.Throws<FunctionsHostException>(() => Schedule.Parse("F", schedule)).Message, StringComparison.Ordinal);

    private static Trigger Of(params string[] bindings)
    {
        var function = new RpcFunctionMetadata { Name = "F" };
        function.RawBindings.AddRange(bindings);
        return Trigger.Of(function);
    }
}
