using Ungroup.Quotas;

namespace Ungroup.Tests.Quotas;

public sealed class PaceOptionsTests
{
    [Fact]
    public void A_quota_of_no_calls_is_refused_with_a_sentence()
    {
        var result = new ValidateQuotas().Validate(null, new() { Quotas = { ["LeaveSecurityGroup"] = 0 } });

        Assert.Equal(
            ["Pace:Quotas:LeaveSecurityGroup is 0; expected calls a minute, at least 1, or no such setting to have it learned."], result.Failures!);
    }

    [Theory]
    [InlineData(-0.1, false)]
    [InlineData(0, true)]
    [InlineData(0.9, true)]
    [InlineData(1, false)]
    public void The_reserve_leaves_something_to_call(double reserve, bool isValid) =>
        Assert.Equal(isValid, new ValidatePaceOptions().Validate(null, new() { Reserve = reserve }).Succeeded);
}
