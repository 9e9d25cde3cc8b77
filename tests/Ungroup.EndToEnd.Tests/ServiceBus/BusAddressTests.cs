using Ungroup.ServiceBus;

namespace Ungroup.EndToEnd.Tests.ServiceBus;

public sealed class BusAddressTests
{
    private const string Key = "k+y/with=signs==";
    private const string Namespace = $"Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={Key}";

    [Theory]
    [InlineData(Namespace, "sb://ns.servicebus.windows.net")]
    [InlineData($"endpoint=sb://127.0.0.1:6123;sharedaccesskeyname=Root;sharedaccesskey={Key};usedevelopmentemulator=TRUE", "sb://127.0.0.1:6123")]
    [InlineData("Endpoint=sb://ns.servicebus.windows.net;SharedAccessSignature=SharedAccessSignature sr=x&sig=y", "sb://ns.servicebus.windows.net")]
    public void A_connection_string_signs_in_with_its_key_and_never_shows_it(string text, string shown)
    {
        var address = Parsed($" {text}\n");

        Assert.False(address.IsKeyless);
        Assert.Equal((text, shown), (address.ConnectionString, $"{address}"));
    }

    [Theory]
    [InlineData("ns.servicebus.windows.net")]
    [InlineData("sb://ns.servicebus.windows.net/")]
    [InlineData("https://ns.servicebus.windows.net:443/")]
    public void The_name_of_a_host_signs_in_with_an_identity(string text) =>
        Assert.Equal(new BusAddress("ns.servicebus.windows.net"), Parsed(text));

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("nonsense", "it is neither a connection string nor the name of a host")]
    [InlineData("sb://ns.servicebus.windows.net/removals", "it is neither a connection string nor the name of a host")]
    [InlineData("amqps://user:k3y@host", "it is an AMQP address with a user and a key in it")]
    [InlineData("ampq://user:k3y@host.net", "it is an AMQP address with a user and a key in it")]
    [InlineData("SharedAccessKey=b;nonsense", "one of its parts has no '='")]
    [InlineData("SharedAccessKeyName=a;SharedAccessKey=b", "it has no Endpoint")]
    [InlineData("Endpoint=http://x;SharedAccessKeyName=a;SharedAccessKey=b", "is not of the form sb://HOST")]
    [InlineData("Endpoint=sb://x;SharedAccessKey=b", "it has no SharedAccessKeyName")]
    [InlineData("Endpoint=sb://x;SharedAccessKeyName=a", "it has no SharedAccessKey")]
    public void What_cannot_be_used_is_refused_with_a_sentence_without_the_key(string text, string why)
    {
        Assert.False(BusAddress.TryParse(text, out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.Contains("expected a connection string, Endpoint=sb://", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("k3y", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_string_for_one_queue_leads_to_no_other()
    {
        Assert.Null(Parsed(Namespace).Excludes("removals", "outcomes"));
        Assert.Null(Parsed($"{Namespace};EntityPath=Removals").Excludes("removals"));
        Assert.Equal(
            "The connection string is for removals alone (EntityPath=removals), and removals-incident and outcomes are needed; "
            + "expected a connection string of the namespace, without EntityPath.",
            Parsed($"{Namespace};EntityPath=removals").Excludes("removals", "removals-incident", "outcomes"));
    }

    private static BusAddress Parsed(string text)
    {
        Assert.True(BusAddress.TryParse(text, out var address, out var problem), problem);
        return address;
    }
}
