using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary>A sandbox that stays says the function app's local.settings.json.</summary>
public sealed class FunctionAppSettingsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sandbox_that_stays_prints_settings_with_which_the_function_app_starts_and_finds_it()
    {
        await using var sandbox = CliProcess.Start(["sandbox", "--keep", "--no-worker", "--port", "0", "--ecs-port", "0"]);

        var file = JsonElement.Parse(await sandbox.LineAsync("app ", Stop));
        var values = file.GetProperty("Values").EnumerateObject().ToDictionary(value => value.Name, value => value.Value.GetString());

        Assert.False(file.GetProperty("IsEncrypted").GetBoolean());
        Assert.Equal(await sandbox.LineAsync("bus ", Stop), values["ServiceBus"]);
        Assert.Equal(await sandbox.LineAsync("ecs ", Stop), values["Ecs__Endpoint"]);
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key.Replace("__", ":", StringComparison.Ordinal), value.Value)))
            .Build();
        await using var services = new ServiceCollection().AddLogging().AddUngroup(settings).BuildServiceProvider();
        services.GetRequiredService<IStartupValidator>().Validate();
        Assert.Equal("Static", settings["Accounts:default:Credentials"]);
    }
}
