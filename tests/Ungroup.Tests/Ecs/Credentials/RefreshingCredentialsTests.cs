using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Ecs;
using Ungroup.Ecs.Credentials;

namespace Ungroup.Tests.Ecs.Credentials;

public sealed class RefreshingCredentialsTests
{
    private readonly FakeTimeProvider _clock = new(Removals.Start);
    private readonly RefreshingCredentials _credentials;
    private Func<Task<Grant>> _issuer;
    private int _issued;

    public RefreshingCredentialsTests()
    {
        _issuer = () => Task.FromResult<Grant>(Fresh(TimeSpan.FromHours(1)));
        var nowhere = new HttpMessageInvoker(new ScriptedEcs(_clock));
        _credentials = new("default", "oidc_role_arn", IssueAsync, new(nowhere, nowhere, _clock, () => 0.5, NullLogger<RefreshingCredentials>.Instance));
    }

    [Fact]
    public async Task They_are_kept_until_a_quarter_of_an_hour_before_they_run_out()
    {
        var first = await KeyAsync();
        _clock.Advance(TimeSpan.FromMinutes(45) - TimeSpan.FromSeconds(1));
        Assert.Same(first, await KeyAsync());

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("key-2", (await KeyAsync()).AccessKeyId);
    }

    [Fact]
    public async Task What_lives_shorter_is_fetched_anew_at_half_its_life()
    {
        _issuer = () => Task.FromResult<Grant>(Fresh(TimeSpan.FromMinutes(20)));
        await KeyAsync();
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromSeconds(1));
        Assert.Equal("key-1", (await KeyAsync()).AccessKeyId);

        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("key-2", (await KeyAsync()).AccessKeyId);
    }

    [Fact]
    public async Task Of_64_callers_without_credentials_one_fetches_for_all()
    {
        var answer = new TaskCompletionSource<Grant>();
        _issuer = () => answer.Task;
        var callers = Enumerable.Range(0, 64).Select(_ => KeyAsync()).ToArray();
        Assert.All(callers, caller => Assert.False(caller.IsCompleted));

        answer.SetResult(Fresh(TimeSpan.FromHours(1)));

        Assert.Single((await Task.WhenAll(callers)).Distinct());
        Assert.Equal(1, _issued);
    }

    [Fact]
    public async Task Whoever_gives_up_leaves_the_fetch_to_the_others()
    {
        var answer = new TaskCompletionSource<Grant>();
        _issuer = () => answer.Task;
        using var impatient = new CancellationTokenSource();
        var first = _credentials.GetAsync(impatient.Token).AsTask();
        var second = KeyAsync();
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        answer.SetResult(Fresh(TimeSpan.FromHours(1)));

        Assert.Equal("key-1", (await second).AccessKeyId);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_15_seconds()
    {
        _issuer = () => new TaskCompletionSource<Grant>().Task;
        var waiting = _credentials.GetAsync(TestContext.Current.CancellationToken).AsTask();

        _clock.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(("CredentialsPending", Fault.Transient), (await waiting) is Grant.Withheld no ? (no.Code, no.Fault) : default);
    }

    [Fact]
    public async Task Valid_ones_are_served_while_one_caller_fetches_new_ones()
    {
        var old = await KeyAsync();
        var answer = new TaskCompletionSource<Grant>();
        _issuer = () => answer.Task;
        _clock.Advance(TimeSpan.FromMinutes(50));

        var fetching = KeyAsync();
        Assert.Same(old, await KeyAsync());
        answer.SetResult(Fresh(TimeSpan.FromHours(1)));
        Assert.Equal("key-2", (await fetching).AccessKeyId);
    }

    [Fact]
    public async Task Valid_ones_are_served_after_a_failure_and_the_next_try_is_a_minute_away()
    {
        var old = await KeyAsync();
        _issuer = Refuse(Fault.Transient);
        _clock.Advance(TimeSpan.FromMinutes(46));
        Assert.Same(old, await KeyAsync());
        Assert.Same(old, await KeyAsync());
        Assert.Equal(2, _issued);

        _clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromTicks(1));
        await KeyAsync();
        Assert.Equal(2, _issued);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Same(old, await KeyAsync());
        Assert.Equal(3, _issued);
    }

    [Fact]
    public async Task Expired_ones_are_never_served()
    {
        await KeyAsync();
        _issuer = Refuse(Fault.Transient);
        _clock.Advance(TimeSpan.FromMinutes(60) - TimeSpan.FromSeconds(5));
        await KeyAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("Refused", (await NoAsync()).Code);
        Assert.Equal(3, _issued);
    }

    [Fact]
    public async Task A_failure_is_remembered_for_a_time_that_doubles_up_to_a_minute()
    {
        _issuer = Refuse(Fault.Transient);
        List<double> pauses = [];
        for (var number = 0; number < 8; number++)
        {
            var no = await NoAsync();
            Assert.Equal(no.RetryAfter, (await NoAsync()).RetryAfter);
            pauses.Add(no.RetryAfter!.Value.TotalSeconds / 0.9);
            _clock.Advance(no.RetryAfter.Value);
        }

        Assert.Equal([1, 2, 4, 8, 16, 32, 60, 60], pauses.Select(pause => Math.Round(pause, 3)));
        Assert.Equal(8, _issued);
    }

    [Fact]
    public async Task A_thousand_messages_make_a_handful_of_calls_while_STS_is_down()
    {
        _issuer = Refuse(Fault.Transient);
        for (var message = 0; message < 1000; message++)
        {
            await NoAsync();
            _clock.Advance(TimeSpan.FromMilliseconds(60));
        }

        Assert.InRange(_issued, 5, 7);
    }

    [Fact]
    public async Task STS_is_given_the_time_it_asks_for()
    {
        _issuer = () => Task.FromResult<Grant>(new Grant.Withheld("Throttling.User", "s", Fault.Throttled, "a") { RetryAfter = TimeSpan.FromSeconds(7) });

        Assert.Equal(TimeSpan.FromSeconds(7), (await NoAsync()).RetryAfter);
    }

    [Fact]
    public async Task Of_64_refusals_of_the_same_credentials_one_fetches_new_ones()
    {
        var refused = await KeyAsync();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            await _credentials.RefreshAsync(refused, TestContext.Current.CancellationToken);
            await KeyAsync();
        }));

        Assert.Equal(2, _issued);
    }

    [Fact]
    public async Task Only_the_very_credentials_that_were_refused_are_dropped()
    {
        var refused = await KeyAsync();
        await _credentials.RefreshAsync(refused with { }, TestContext.Current.CancellationToken);

        Assert.Same(refused, await KeyAsync());
    }

    [Fact]
    public async Task A_refusal_ends_the_pause_after_a_failed_refresh()
    {
        var old = await KeyAsync();
        _issuer = Refuse(Fault.Transient);
        _clock.Advance(TimeSpan.FromMinutes(46));
        await KeyAsync();
        _issuer = () => Task.FromResult<Grant>(Fresh(TimeSpan.FromHours(1)));

        await _credentials.RefreshAsync(old, TestContext.Current.CancellationToken);

        Assert.Equal("key-3", (await KeyAsync()).AccessKeyId);
    }

    [Fact]
    public async Task A_defect_reaches_its_caller_and_the_next_one_asks_again()
    {
        _issuer = () => throw new InvalidOperationException("a defect");
        await Assert.ThrowsAsync<InvalidOperationException>(KeyAsync);
        _issuer = () => Task.FromResult<Grant>(Fresh(TimeSpan.FromHours(1)));

        Assert.Equal("key-2", (await KeyAsync()).AccessKeyId);
    }

    private Grant.Given Fresh(TimeSpan life) => new Grant.Given(new($"key-{_issued}", "secret", "token"), life);

    private static Func<Task<Grant>> Refuse(Fault fault) => () => Task.FromResult<Grant>(new Grant.Withheld("Refused", "s", fault, "a"));

    private Task<Grant> IssueAsync()
    {
        _issued++;
        return _issuer();
    }

    private async Task<AccessKey> KeyAsync() => Assert.IsType<Grant.Given>(await _credentials.GetAsync(TestContext.Current.CancellationToken)).Credentials;

    private async Task<Grant.Withheld> NoAsync() => Assert.IsType<Grant.Withheld>(await _credentials.GetAsync(TestContext.Current.CancellationToken));
}
