using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Ungroup.Pace;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Pace;

/// <summary>A region is any text that a message names. What nobody has asked for hours is forgotten, what is of use is not.</summary>
public sealed class ForgottenQuotasTests
{
    private readonly FakeTimeProvider _clock = new(Some.Now);
    private readonly Governors _governors = new(Options.Create(new PaceOptions()), () => 0.5);
    private readonly QuotaRegistry _quotas;

    public ForgottenQuotasTests() => _quotas = new(_governors, _clock, NullLogger<QuotaRegistry>.Instance);

    [Fact]
    public void Regions_that_were_named_once_are_forgotten()
    {
        for (var region = 0; region < 2_000; region++)
        {
            Enter($"cn-{region}")!.Dispose();
            _clock.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.InRange(_governors.All.Count, 1, 100);
    }

    [Fact]
    public void What_is_closed_for_longer_stays_closed()
    {
        using (var permit = Enter("cn-hangzhou")!)
        {
            permit.Throttled(TimeSpan.FromHours(30), TimeSpan.Zero, "Throttling.User");
        }

        PassHours(20);

        Assert.Null(Enter("cn-hangzhou"));
    }

    [Fact]
    public void A_quota_is_not_forgotten_while_a_call_is_under_way()
    {
        using var permit = Enter("cn-hangzhou")!;
        var governor = _governors[Quota("cn-hangzhou")];

        PassHours(20);

        Assert.Same(governor, _governors[Quota("cn-hangzhou")]);
    }

    [Fact]
    public void A_quota_that_was_refused_here_or_is_known_from_others_exists_and_is_not_forgotten()
    {
        Enter("cn-hangzhou")!.Throttled(TimeSpan.FromSeconds(10), TimeSpan.Zero, "Throttling.User");
        Enter("cn-shanghai")!.Dispose();
        var (refused, heard) = (_governors[Quota("cn-hangzhou")], _governors[Quota("cn-shanghai")]);
        heard.Hear(FleetView.Alone, new(600, QuotaBasis.Measured, QuotaShape.Window, 3), null, _clock.GetUtcNow());

        PassHours(20);

        Assert.Same(refused, _governors[Quota("cn-hangzhou")]);
        Assert.Same(heard, _governors[Quota("cn-shanghai")]);
    }

    [Fact]
    public void A_quota_that_is_used_again_and_again_is_not_forgotten()
    {
        Enter("cn-hangzhou")!.Dispose();
        var governor = _governors[Quota("cn-hangzhou")];
        for (var hour = 0; hour < 20; hour++)
        {
            PassHours(1);
            Enter("cn-hangzhou")!.Dispose();
        }

        Assert.Same(governor, _governors[Quota("cn-hangzhou")]);
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
