using Microsoft.Extensions.Configuration;
using Ungroup.Functions.Queues;

namespace Ungroup.Functions.Tests.Queues;

public sealed class HostConcurrencyTests
{
    [Theory]
    [InlineData("48", 48)]
    [InlineData(null, 16)]
    [InlineData("many", 16)]
    public void What_a_setting_of_the_app_says_goes_before_the_file_of_the_host(string? setting, int concurrency)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["AzureFunctionsJobHost:extensions:serviceBus:maxConcurrentCalls"] = setting })
            .Build();

        Assert.Equal(concurrency, new HostConcurrency(configuration).PerQueue);
    }
}
