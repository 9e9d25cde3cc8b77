using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Ecs.Changes;
using Ungroup.Ecs.Credentials;

namespace Ungroup.Tests.Ecs.Changes;

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
    [InlineData("Accounts:default:DefaultRegion", "cn-hangzou", "expected a region id such as cn-hangzhou, or one that Accounts:default:Regions lists")]
    [InlineData("Accounts:default:Regions:0", "New Region", "Accounts:default:Regions has 'New Region'; expected region ids")]
    [InlineData("Accounts:default:Endpoint", "ftp://x", "Accounts:default:Endpoint is 'ftp://x'")]
    [InlineData("Accounts:of mine:Credentials", "Environment", "Accounts:of mine: a name is")]
    [InlineData("Other:Section", "x", "No account is configured")]
    [InlineData("Accounts:default:Credentials", "ManagedIdentity", "Accounts:default:Credentials is ManagedIdentity; set Accounts:default:TokenAudience as well.")]
    [InlineData("Accounts:default:Credentials", "OidcTokenFile", "set Accounts:default:OidcTokenFile as well")]
    [InlineData("Accounts:default:Credentials", "AssumeRole", "set Accounts:default:RoleArn as well")]
    [InlineData("Accounts:default:Credentials", "Uri", "set Accounts:default:CredentialsUri as well")]
    [InlineData("Accounts:default:ExternalId", "s3cr3t", "Accounts:default:ExternalId is never read while Accounts:default:Credentials is Environment; take it out, or set that to AssumeRole.")]
    [InlineData("Accounts:default:RoleArn", "role/x", "Accounts:default:RoleArn is 'role/x'; expected acs:ram::<account id>:role/<role>.")]
    [InlineData("Accounts:default:OidcProviderArn", "entra", "Accounts:default:OidcProviderArn is 'entra'; expected acs:ram::<account id>:oidc-provider/<name>.")]
    [InlineData("Accounts:default:RoleSessionName", "a b", "Accounts:default:RoleSessionName is 'a b'; expected 2 to 64 of")]
    [InlineData("Accounts:default:SessionDuration", "00:10:00", "Accounts:default:SessionDuration is 00:10:00; expected 00:15:00 to 12:00:00.")]
    [InlineData("Accounts:default:StsEndpoint", "sts/x", "Accounts:default:StsEndpoint is 'sts/x'; expected a host")]
    [InlineData("Accounts:default:StsEndpoint", "http://sts.example", "a token does not travel unencrypted")]
    [InlineData("Accounts:default:CredentialsUri", "ftp://u:s3cr3t@x", "Accounts:default:CredentialsUri is no URL")]
    [InlineData("Accounts:default:SessionPolicyGroups:0", "web", "Accounts:default:SessionPolicyGroups has 'web'; expected ids of security groups")]
    public void An_account_that_cannot_work_is_refused_with_a_sentence(string key, string value, string sentence)
    {
        using var services = Services((key, value));

        var problem = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<AccountsOptions>>().Value);
        Assert.Contains(sentence, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_policy_that_STS_would_not_take_is_refused_at_start()
    {
        using var services = Services(
            [.. Enumerable.Range(0, 40).Select(number => ($"Accounts:default:SessionPolicyGroups:{number}", $"sg-bp1aaaaaaaaaaaaaaa{number}"))]);

        var problem = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<AccountsOptions>>().Value);
        Assert.Matches(@"SessionPolicyGroups has 40 groups, which make a policy of \d+ characters; STS takes 2048\.", problem.Message);
    }

    [Fact]
    public void What_Kubernetes_says_by_variables_need_not_be_said_again()
    {
        using var services = Services(
            ("Accounts:default:Credentials", "OidcTokenFile"),
            ("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/var/run/token"),
            ("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/k8s"),
            ("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/ungroup"));

        var account = services.GetRequiredService<IOptions<AccountsOptions>>().Value.Accounts["default"];
        Assert.Equal(("/var/run/token", "acs:ram::1:oidc-provider/k8s", "acs:ram::1:role/ungroup"), (account.OidcTokenFile, account.OidcProviderArn, account.RoleArn));
        Assert.Equal("oidc_role_arn", services.GetRequiredService<Accounts>()["default"].Credentials.Name);
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
        await provider.RefreshAsync(((Grant.Given)cached).Credentials, TestContext.Current.CancellationToken);
        var fresh = await provider.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new Grant.Given(new("one", "s")), first);
        Assert.Same(first, cached);
        Assert.Equal(new Grant.Given(new("two", "s", "token")), fresh);
    }

    private static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        return new ServiceCollection().AddLogging().AddEcs(configuration).BuildServiceProvider();
    }
}
