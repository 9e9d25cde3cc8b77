using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;

namespace Ungroup.Tests.Ecs;

public sealed class EcsSetupTests
{
    [Fact]
    public void One_call_registers_everything_that_a_removal_needs()
    {
        using var services = Services(("Accounts:default:Credentials", "Environment"));

        Assert.NotNull(services.GetRequiredService<RemovalProcedure>());
    }

    [Fact]
    public void Settings_are_read_from_their_sections()
    {
        using var services = Services(
            ("Ecs:Network", "Vpc"),
            ("Ecs:LongestWaitInPlace", "00:00:02"),
            ("Accounts:eu:Credentials", "Static"),
            ("Accounts:eu:AccessKeyId", "id"),
            ("Accounts:eu:AccessKeySecret", "secret"),
            ("Accounts:eu:DefaultRegion", "eu-central-1"));

        var options = services.GetRequiredService<IOptions<EcsOptions>>().Value;
        var account = services.GetRequiredService<IOptions<AccountsOptions>>().Value.Accounts["eu"];
        Assert.Equal((EcsNetwork.Vpc, TimeSpan.FromSeconds(2)), (options.Network, options.LongestWaitInPlace));
        Assert.Equal((CredentialsSource.Static, "id", "secret", "eu-central-1"), (account.Credentials, account.AccessKeyId, account.AccessKeySecret, account.DefaultRegion));
    }

    [Theory]
    [InlineData("Ecs:Endpoint", "https://ecs.example/path", "Ecs:Endpoint is 'https://ecs.example/path'; expected a host")]
    [InlineData("Ecs:LongestBackoff", "00:00:00.2", "Ecs:ShortestBackoff is 00:00:00.5000000; it must not be longer than Ecs:LongestBackoff")]
    [InlineData("Ecs:FirstPostponement", "00:30:00", "Ecs:FirstPostponement is 00:30:00; it must not be longer")]
    [InlineData("Ecs:LeaveTimeout", "00:00:01", "LeaveTimeout must be between 00:00:05 and 00:05:00")]
    [InlineData("Ecs:QuickTries", "0", "QuickTries must be between 1 and 10")]
    public void A_setting_of_ECS_that_cannot_work_is_refused_with_a_sentence(string key, string value, string sentence)
    {
        using var services = Services((key, value));

        var problem = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<EcsOptions>>().Value);
        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accounts:default:Credentials", "Static", "set Accounts:default:AccessKeyId and Accounts:default:AccessKeySecret")]
    [InlineData("Accounts:default:AccessKeySecret", "s3cr3t", "Accounts:default has a key of its own that is never read")]
    [InlineData("Accounts:default:DefaultRegion", "CN Hangzhou", "Accounts:default:DefaultRegion is 'CN Hangzhou'")]
    [InlineData("Accounts:default:Endpoint", "ftp://x", "Accounts:default:Endpoint is 'ftp://x'")]
    [InlineData("Accounts:of mine:Credentials", "Environment", "Accounts:of mine: a name is")]
    [InlineData("Other:Section", "x", "No account is configured")]
    public void An_account_that_cannot_work_is_refused_with_a_sentence(string key, string value, string sentence)
    {
        using var services = Services((key, value));

        var problem = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<AccountsOptions>>().Value);
        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_nobody_configured_is_named()
    {
        using var services = Services(("Accounts:default:Credentials", "Environment"));

        var problem = Assert.Throws<KeyNotFoundException>(() => services.GetRequiredService<Accounts>()["eu"]);
        Assert.Contains("Accounts:eu", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_environment_is_read_by_the_host_and_read_again_on_demand()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "one", ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] = "s" };
        var provider = new EnvironmentCredentials(name => variables.GetValueOrDefault(name));

        var first = await provider.GetAsync(TestContext.Current.CancellationToken);
        variables["ALIBABA_CLOUD_ACCESS_KEY_ID"] = "two";
        variables["ALIBABA_CLOUD_SECURITY_TOKEN"] = "token";
        var cached = await provider.GetAsync(TestContext.Current.CancellationToken);
        await provider.RefreshAsync((await provider.GetAsync(TestContext.Current.CancellationToken))!, TestContext.Current.CancellationToken);
        var fresh = await provider.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new Credentials("one", "s"), first);
        Assert.Same(first, cached);
        Assert.Equal(new Credentials("two", "s", "token"), fresh);
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddEcs(configuration).BuildServiceProvider();
    }
}
