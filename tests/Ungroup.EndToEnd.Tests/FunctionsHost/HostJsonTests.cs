using Microsoft.Extensions.Logging;
using Ungroup.FunctionsHost;
using Ungroup.FunctionsHost.Files;

namespace Ungroup.EndToEnd.Tests.FunctionsHost;

public sealed class HostJsonTests : IDisposable
{
    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void The_values_of_host_json_count_and_others_are_as_in_Azure()
    {
        var host = Read("""
            {
              // Comments are allowed.
              "version": "2.0", "functionTimeout": "00:10:00",
              "extensions": { "serviceBus": { "maxConcurrentCalls": 3, "maxAutoLockRenewalDuration": "00:06:00", "autoCompleteMessages": false } },
            }
            """);

        Assert.Equal(
            (3, TimeSpan.FromMinutes(6), false, 0, TimeSpan.FromMinutes(10), "api"),
            (host.MaxConcurrentCalls, host.MaxAutoLockRenewalDuration, host.AutoCompleteMessages, host.PrefetchCount, host.FunctionTimeout, host.RoutePrefix));
        Assert.Empty(host.Ignored);
        var bare = Read("""{ "version": "2.0" }""");
        Assert.Equal((16 * Environment.ProcessorCount, TimeSpan.FromMinutes(5), true), (bare.MaxConcurrentCalls, bare.MaxAutoLockRenewalDuration, bare.AutoCompleteMessages));
    }

    [Fact]
    public void What_only_the_Functions_host_knows_is_named()
    {
        var host = Read("""{ "extensions": { "serviceBus": { "transportType": "amqpWebSockets", "prefetchCount": 1 } } }""");

        Assert.Equal(["extensions.serviceBus.transportType"], host.Ignored);
    }

    [Theory]
    [InlineData("""{ "extensions": { "serviceBus": { "maxConcurrentCalls": "many" } } }""")]
    [InlineData("""{ "extensions": { "serviceBus": { "maxAutoLockRenewalDuration": "soon" } } }""")]
    [InlineData("""{ "logging": { "logLevel": { "default": "Loud" } } }""")]
    [InlineData("""[ "version" ]""")]
    [InlineData("""{ "version": """)]
    public void A_value_that_cannot_be_is_refused_with_the_file_it_is_in(string json) =>
        Assert.StartsWith(_scratch.At("host.json"), Assert.Throws<FunctionsHostException>(() => Read(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Ungroup.Functions.Drain", LogLevel.Information, true)]
    [InlineData("System.Net.Http.HttpClient.Ecs", LogLevel.Information, false)]
    [InlineData("System.Net.Http.HttpClient.Ecs", LogLevel.Warning, true)]
    [InlineData("System.Net.HttpListener", LogLevel.Information, true)]
    public void The_nearest_category_decides_which_lines_are_let_through(string category, LogLevel level, bool isLetThrough)
    {
        var host = Read("""{ "logging": { "logLevel": { "default": "Information", "System.Net.Http": "warning" } } }""");

        Assert.Equal(isLetThrough, host.Levels.LetThrough(category, level));
    }

    private HostJson Read(string json)
    {
        _scratch.File("host.json", json);
        return HostJson.Read(Path.GetDirectoryName(_scratch.At("host.json"))!);
    }
}
