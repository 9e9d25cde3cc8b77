using Ungroup.Cli.Amqp;

namespace Ungroup.EndToEnd.Tests.Amqp;

public sealed class BusAddressTests
{
    private const string Key = "k+y/with=signs==";

    [Fact]
    public void A_namespace_is_reached_over_tls_on_5671()
    {
        var address = Parsed($"Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey={Key}");

        Assert.Equal(new BusAddress("ns.servicebus.windows.net", 5671, Tls: true, "Root", Key), address);
    }

    [Fact]
    public void An_emulator_is_reached_without_tls_on_5672_or_the_port_it_names()
    {
        Assert.Equal(
            new BusAddress("localhost", 5672, Tls: false, "Root", Key),
            Parsed($"Endpoint=sb://localhost;SharedAccessKeyName=Root;SharedAccessKey={Key};UseDevelopmentEmulator=true;"));
        Assert.Equal(6123, Parsed($"endpoint=sb://127.0.0.1:6123;sharedaccesskeyname=Root;sharedaccesskey={Key};usedevelopmentemulator=TRUE").Port);
    }

    [Theory]
    [InlineData("amqp://broker", 5672, false, null, null)]
    [InlineData("amqp://guest:p%40ss@broker:5673", 5673, false, "guest", "p@ss")]
    [InlineData("amqps://u:k@broker/", 5671, true, "u", "k")]
    public void Amqp_addresses_are_understood(string text, int port, bool tls, string? user, string? key) =>
        Assert.Equal(new BusAddress("broker", port, tls, user, key), Parsed(text));

    [Theory]
    [InlineData("", "it has no Endpoint")]
    [InlineData("nonsense", "one of its parts has no '='")]
    [InlineData("ampq://user:k3y@host", "one of its parts has no '='")]
    [InlineData("Endpoint=http://x;SharedAccessKeyName=a;SharedAccessKey=b", "is not of the form sb://HOST")]
    [InlineData("Endpoint=sb://x;SharedAccessKey=b", "it has no SharedAccessKeyName")]
    [InlineData("Endpoint=sb://x;SharedAccessKeyName=a", "it has no SharedAccessKey")]
    [InlineData("amqp://", "it starts like an AMQP address and is none")]
    [InlineData("amqp://user@host", "it has a user and no key")]
    public void What_cannot_be_used_is_refused_with_a_sentence(string text, string why)
    {
        Assert.False(BusAddress.TryParse(text, out _, out var problem));
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.Contains("expected Endpoint=sb://", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_is_never_shown() =>
        Assert.Equal("amqps://ns:5671", $"{Parsed($"Endpoint=sb://ns;SharedAccessKeyName=Root;SharedAccessKey={Key}")}");

    private static BusAddress Parsed(string text)
    {
        Assert.True(BusAddress.TryParse(text, out var address, out var problem), problem);
        return address;
    }
}
