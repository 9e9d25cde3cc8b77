using Microsoft.Extensions.Time.Testing;
using Ungroup.Quotas;
using Ungroup.Quotas.Windows;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Quotas;

/// <summary>A region is any text that a message names. A quota that nobody has asked for hours is forgotten, one that is of use is not.</summary>
public sealed class ForgottenQuotasTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly QuotaLimiters _quotas;

    public ForgottenQuotasTests() => _quotas = SomeLimiters.New(_clock);

    [Fact]
    public void Regions_that_were_named_once_are_forgotten()
    {
        for (var region = 0; region < 2_000; region++)
        {
            Enter($"cn-{region}")!.Dispose();
            _clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.InRange(_quotas.All.Count, 1, 100);
    }

    [Fact]
    public void What_is_closed_for_longer_stays_closed()
    {
        using (var permit = Enter("cn-hangzhou")!)
        {
            permit.Throttled(TimeSpan.FromHours(30), "Throttling.User");
        }

        PassHours(20);

        Assert.Null(Enter("cn-hangzhou"));
    }

    [Fact]
    public void A_quota_is_not_forgotten_while_a_call_is_under_way()
    {
        using var permit = Enter("cn-hangzhou")!;
        var limiter = _quotas[Quota("cn-hangzhou")];

        PassHours(20);

        Assert.Same(limiter, _quotas[Quota("cn-hangzhou")]);
    }

    [Fact]
    public void A_quota_that_was_refused_here_or_is_known_from_others_exists_and_is_not_forgotten()
    {
        Enter("cn-hangzhou")!.Throttled(TimeSpan.FromSeconds(10), "Throttling.User");
        Enter("cn-shanghai")!.Dispose();
        var (refused, heard) = (_quotas[Quota("cn-hangzhou")], _quotas[Quota("cn-shanghai")]);
        heard.Know(calls: 600);

        PassHours(20);

        Assert.Same(refused, _quotas[Quota("cn-hangzhou")]);
        Assert.Same(heard, _quotas[Quota("cn-shanghai")]);
    }

    [Fact]
    public void A_quota_that_is_used_again_and_again_is_not_forgotten()
    {
        Enter("cn-hangzhou")!.Dispose();
        var limiter = _quotas[Quota("cn-hangzhou")];
        for (var time = 0; time < 20; time++)
        {
            _clock.Advance(TimeSpan.FromMinutes(15));
            Enter("cn-beijing")!.Dispose();
            Enter("cn-hangzhou")!.Dispose();
        }

        Assert.Same(limiter, _quotas[Quota("cn-hangzhou")]);
    }

    private void PassHours(int hours)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            _clock.Advance(TimeSpan.FromHours(1));
            Enter("cn-beijing")!.Dispose();
        }
    }

    private static QuotaKey Quota(string region) => new("default", region, "LeaveSecurityGroup");

    private QuotaPermit? Enter(string region) => _quotas.TryTake(new("default", region, "LeaveSecurityGroup"), out _);
}
