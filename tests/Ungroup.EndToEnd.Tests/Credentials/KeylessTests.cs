using Microsoft.Extensions.Time.Testing;

namespace Ungroup.EndToEnd.Tests.Credentials;

/// <summary>The way without a key, over real HTTP: an identity's token, a role's credentials, a removal.</summary>
public sealed class KeylessTests
{
    private const string Removed = "Removed";
    private const string Sts = "AssumeRoleWithOIDC";

    [Fact]
    public async Task A_removal_needs_no_key()
    {
        await using var bench = await KeylessBench.StartAsync();

        Assert.Equal(Removed, await bench.RemoveAsync(1));

        Assert.Equal(["GetIdentityToken", Sts, "LeaveSecurityGroup"], bench.Simulator.Requests.Snapshot().Select(request => request.Action));
    }

    [Fact]
    public async Task Of_64_messages_one_fetches_credentials_for_all_and_again_when_ECS_refuses_them()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var bench = await KeylessBench.StartAsync(new() { Clock = clock, SessionLifetime = TimeSpan.FromMinutes(5) });
        bench.Settings["Ecs:QuickTries"] = "3";

        Assert.All(await Task.WhenAll(Enumerable.Range(1, 64).Select(number => bench.RemoveAsync(number))), end => Assert.Equal(Removed, end));
        Assert.Equal((1, 1), (bench.Tokens, bench.StsCalls));

        // For ECS they have expired; by our clock they are fresh, so only its refusal can tell.
        clock.Advance(TimeSpan.FromMinutes(6));

        Assert.All(await Task.WhenAll(Enumerable.Range(65, 64).Select(number => bench.RemoveAsync(number))), end => Assert.Equal(Removed, end));
        Assert.Equal((2, 2), (bench.Tokens, bench.StsCalls));
    }

    [Fact]
    public async Task Credentials_that_expire_in_the_middle_of_a_run_are_replaced_before_ECS_refuses_any()
    {
        await using var bench = await KeylessBench.StartAsync(new() { SessionLifetime = TimeSpan.FromSeconds(4) });
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var number = 1; bench.StsCalls < 3; number++)
        {
            Assert.Equal(Removed, await bench.RemoveAsync(number));
            await every.WaitForNextTickAsync(Terminal.Patience);
        }

        Assert.DoesNotContain(bench.Simulator.Requests.Snapshot(), request => request.Code is not null);
    }

    [Fact]
    public async Task A_wrong_audience_closes_the_account_and_says_what_to_compare()
    {
        await using var bench = await KeylessBench.StartAsync();
        bench.Settings["Accounts:default:TokenAudience"] = "api://somebody-else";
        bench.Settings["Ecs:FirstCircuitPause"] = "00:00:30";

        var why = await bench.RemoveAsync(1);

        Assert.Contains("account default is closed until", why, StringComparison.Ordinal);
        Assert.Contains("STS: The OIDC token is invalid (AuthenticationFail.OIDCToken.Invalid).", why, StringComparison.Ordinal);
        Assert.Contains("Accounts:<name>:TokenAudience", why, StringComparison.Ordinal);
        Assert.Contains("account default is closed until", await bench.RemoveAsync(2), StringComparison.Ordinal);
        Assert.Equal((1, 0), (bench.StsCalls, bench.Simulator.Requests.CountOf("LeaveSecurityGroup")));
    }

    [Fact]
    public async Task A_role_that_is_revoked_stops_the_account_until_it_is_given_back()
    {
        await using var bench = await KeylessBench.StartAsync();
        Assert.Equal(Removed, await bench.RemoveAsync(1));
        bench.World.TrySetRevoked("leaver", revoked: true);

        Assert.Contains("EntityNotExist.Role", await SettledAsync(bench, 2), StringComparison.Ordinal);

        bench.World.TrySetRevoked("leaver", revoked: false);
        await RemovedInTheEndAsync(bench, 2);
    }

    [Theory]
    [InlineData("throttle-no-hint", "Throttling.User")]
    [InlineData("redirect", "Sts.Http302")]
    [InlineData("service-unavailable", "ServiceUnavailable")]
    [InlineData("internal-error", "InternalError")]
    [InlineData("empty-504", "Sts.Http504")]
    [InlineData("html-502", "Sts.Http502")]
    [InlineData("reset-before-apply", "Sts.NoReply.Reset")]
    public async Task An_STS_that_is_busy_or_down_postpones_and_closes_nothing(string kind, string code)
    {
        await using var bench = await KeylessBench.StartAsync();
        bench.Fail(Sts, kind, times: 2);

        var ends = await Task.WhenAll(Enumerable.Range(1, 64).Select(number => bench.RemoveAsync(number)));

        Assert.All(ends, why => Assert.StartsWith("Account default has no credentials: ", why, StringComparison.Ordinal));
        Assert.All(ends, why => Assert.Contains($"({code})", why, StringComparison.Ordinal));
        Assert.InRange(bench.StsCalls, 1, 2);
        await RemovedInTheEndAsync(bench, 1);
    }

    [Fact]
    public async Task An_identity_endpoint_that_is_down_postpones_and_closes_nothing()
    {
        await using var bench = await KeylessBench.StartAsync();
        bench.Fail("GetIdentityToken", "internal-error");

        Assert.Contains("Identity.Http500", await bench.RemoveAsync(1), StringComparison.Ordinal);
        await RemovedInTheEndAsync(bench, 1);
    }

    [Fact]
    public async Task Credentials_that_are_still_valid_outlive_an_STS_that_is_down()
    {
        await using var bench = await KeylessBench.StartAsync(new() { SessionLifetime = TimeSpan.FromSeconds(10) });
        Assert.Equal(Removed, await bench.RemoveAsync(1));
        bench.Fail(Sts, "service-unavailable", times: 1000);
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        for (var number = 2; bench.StsCalls < 2; number++)
        {
            Assert.Equal(Removed, await bench.RemoveAsync(number));
            await every.WaitForNextTickAsync(Terminal.Patience);
        }

        Assert.Equal(Removed, await bench.RemoveAsync(100));
        Assert.Equal(2, bench.StsCalls);
    }

    [Fact]
    public async Task A_token_that_has_expired_is_fetched_anew_once()
    {
        await using var bench = await KeylessBench.StartAsync();
        bench.Fail(Sts, "expired-token");

        Assert.Equal(Removed, await bench.RemoveAsync(1));
        Assert.Equal((2, 2), (bench.Tokens, bench.StsCalls));
    }

    [Fact]
    public async Task Each_account_has_a_role_and_an_identity_of_its_own()
    {
        await using var bench = await KeylessBench.StartAsync();

        Assert.Equal(Removed, await bench.RemoveAsync(1));
        Assert.Equal(Removed, await bench.RemoveAsync(1, "sg-o-web", "other"));

        Assert.Equal(
            [("default", "acs:ram::1:role/leaver"), ("other", "acs:ram::2:role/leaver-other")],
            bench.Simulator.Requests.Snapshot().Where(request => request.Action == Sts).Select(request => (request.Account, request.Parameters["RoleArn"])));
        Assert.Equal(["default", "other"], bench.Simulator.Requests.Snapshot().Where(request => request.Action == "LeaveSecurityGroup").Select(request => request.Account));
    }

    [Fact]
    public async Task One_account_that_is_broken_leaves_the_other_alone()
    {
        await using var bench = await KeylessBench.StartAsync();
        bench.Settings["Accounts:other:TokenAudience"] = "api://nobody";

        Assert.Contains("account other is closed", await bench.RemoveAsync(1, "sg-o-web", "other"), StringComparison.Ordinal);
        Assert.Equal(Removed, await bench.RemoveAsync(1));
    }

    [Fact]
    public async Task A_session_policy_keeps_a_worker_to_its_groups()
    {
        await using var bench = await KeylessBench.StartAsync();
        bench.Settings["Accounts:default:SessionPolicyGroups:0"] = "sg-web";

        Assert.Equal(Removed, await bench.RemoveAsync(1));
        Assert.Contains("Forbidden.RAM", await bench.RemoveAsync(2, "sg-base"), StringComparison.Ordinal);
        Assert.Equal(["sg-base", "sg-web"], bench.World.GroupsOf("i-2"));
    }

    [Fact]
    public async Task A_key_that_may_only_assume_a_role_does()
    {
        await using var bench = await KeylessBench.StartAsync();
        Use(bench, "AssumeRole", ("RoleArn", "acs:ram::1:role/by-key"), ("AccessKeyId", "key"), ("AccessKeySecret", "secret"), ("ExternalId", "shared-id"));

        Assert.Equal(Removed, await bench.RemoveAsync(1));
        Assert.Equal(1, bench.Simulator.Requests.CountOf("AssumeRole"));
    }

    [Fact]
    public async Task A_token_file_does_as_Kubernetes_keeps_one()
    {
        using var scratch = new Scratch();
        await using var bench = await KeylessBench.StartAsync();
        var token = bench.Simulator.SignToken(Worlds.Audience, Worlds.Subject, TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(1));
        Use(bench, "OidcTokenFile");
        bench.Settings["ALIBABA_CLOUD_OIDC_TOKEN_FILE"] = scratch.File("token", token + "\n");
        bench.Settings["ALIBABA_CLOUD_OIDC_PROVIDER_ARN"] = "acs:ram::1:oidc-provider/entra";
        bench.Settings["ALIBABA_CLOUD_ROLE_ARN"] = "acs:ram::1:role/leaver";

        Assert.Equal(Removed, await bench.RemoveAsync(1));
        Assert.Equal(0, bench.Tokens);
    }

    private static void Use(KeylessBench bench, string source, params (string Name, string Value)[] settings)
    {
        foreach (var key in bench.Settings.Keys.Where(key => key.StartsWith("Accounts:default:", StringComparison.Ordinal) && !key.EndsWith(":StsEndpoint", StringComparison.Ordinal)).ToList())
        {
            bench.Settings.Remove(key);
        }

        bench.Settings["Accounts:default:Credentials"] = source;
        foreach (var (name, value) in settings)
        {
            bench.Settings[$"Accounts:default:{name}"] = value;
        }
    }

    /// <summary>The result of a delivery after the refusal: the refused one waits for its turn first.</summary>
    private static async Task<string> SettledAsync(KeylessBench bench, int number)
    {
        await bench.RemoveAsync(number);
        return await bench.RemoveAsync(number);
    }

    private static async Task RemovedInTheEndAsync(KeylessBench bench, int number)
    {
        using var every = new PeriodicTimer(TimeSpan.FromMilliseconds(250));
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        while (await bench.RemoveAsync(number) is var end && end != Removed)
        {
            Assert.False(patience.IsCancellationRequested, $"It never came to a removal: {end}");
            await every.WaitForNextTickAsync(Terminal.Patience);
        }
    }
}
