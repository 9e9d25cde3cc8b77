using Amqp;
using Ungroup.Sandbox.Broker;
using Ungroup.Sandbox.Broker.Wire.Format;
using Ungroup.Sandbox.Broker.Wire.Nodes;

namespace Ungroup.Sandbox.Tests.Broker.Wire;

public sealed class SqlFilterTests
{
    [Theory]
    [InlineData("status IN ('Failed', 'Rejected', 'Refused', 'Expired')")]
    [InlineData("STATUS in('Failed')")]
    [InlineData(" user.status  IN ( 'x' ,'Failed' ) ")]
    [InlineData("[status]IN('Failed')")]
    [InlineData("\"status\" IN\n('Failed')")]
    [InlineData("1 = 1")]
    [InlineData(null)]
    public void A_message_whose_property_is_in_the_list_gets_through(string? expression) => Assert.True(Filter(expression).Matches(Payload("Failed")));

    [Theory]
    [InlineData("status IN ('Failed')", "failed")]
    [InlineData("status IN ('Failed')", 7)]
    [InlineData("status IN ('Failed')", null)]
    [InlineData("other IN ('Failed')", "Failed")]
    [InlineData("status IN ('')", "Failed")]
    public void Any_other_does_not(string expression, object? value) => Assert.False(Filter(expression).Matches(Payload(value)));

    [Fact]
    public void A_quote_within_quotes_is_written_twice()
    {
        Assert.True(Filter("status IN ('it''s', ''',''')").Matches(Payload("it's")));
        Assert.True(Filter("status IN ('it''s', ''',''')").Matches(Payload("','")));
    }

    [Fact]
    public void A_message_without_properties_is_in_no_list() => Assert.False(Filter("status IN ('Failed')").Matches(MessageReader.Read(Encoded(new Message("a"))).Payload));

    [Theory]
    [InlineData("")]
    [InlineData("status = 'Failed'")]
    [InlineData("status NOT IN ('Failed')")]
    [InlineData("status IN ('Failed') OR 1=1")]
    [InlineData("status IN (Failed)")]
    [InlineData("status IN ()")]
    [InlineData("status IN ('Failed',)")]
    [InlineData("statusIN ('Failed')")]
    [InlineData("sys.Label IN ('Failed')")]
    [InlineData("status IN ('Failed'")]
    public async Task Other_filters_keep_the_broker_from_starting_with_a_sentence(string expression)
    {
        var options = new BrokerOptions { Port = 0, Topics = [new() { Name = "told", Subscriptions = [new() { Name = "some", Filter = expression }] }] };

        var refused = await Assert.ThrowsAsync<ArgumentException>(() => ServiceBusBroker.StartAsync(options, TestContext.Current.CancellationToken));

        Assert.StartsWith($"told/some: The filter '{expression}' cannot be read; this broker knows PROPERTY IN ('VALUE'", refused.Message, StringComparison.Ordinal);
    }

    private static SqlFilter Filter(string? expression) => SqlFilter.TryParse(expression, out var filter, out var problem) ? filter : throw new FormatException(problem);

    private static byte[] Payload(object? status) => MessageReader.Read(Encoded(new("a") { ApplicationProperties = new() { ["status"] = status } })).Payload;

    private static byte[] Encoded(Message message)
    {
        var buffer = message.Encode();
        return buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray();
    }
}
