using Ungroup.Ecs;
using Ungroup.Ecs.Credentials.Sts;

namespace Ungroup.Tests.Ecs.Credentials;

public sealed class StsFaultTests
{
    [Theory]
    [InlineData(400, "AuthenticationFail.OIDCToken.Expired", nameof(Fault.Authentication))]
    [InlineData(400, "AuthenticationFail.OIDCToken.Invalid", nameof(Fault.Configuration))]
    [InlineData(400, "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch", nameof(Fault.Configuration))]
    [InlineData(403, "AuthenticationFail.NoPermission", nameof(Fault.Configuration))]
    [InlineData(404, "EntityNotExist.Role", nameof(Fault.Configuration))]
    [InlineData(403, "NoPermission", nameof(Fault.Configuration))]
    [InlineData(400, "InvalidParameter.Anything", nameof(Fault.Configuration))]
    [InlineData(400, "Throttling.User", nameof(Fault.Throttled))]
    [InlineData(503, "Throttling.Node", nameof(Fault.Throttled))]
    [InlineData(302, null, nameof(Fault.Throttled))]
    [InlineData(429, null, nameof(Fault.Throttled))]
    [InlineData(408, null, nameof(Fault.Transient))]
    [InlineData(500, "InternalError", nameof(Fault.Transient))]
    [InlineData(502, null, nameof(Fault.Transient))]
    [InlineData(404, null, nameof(Fault.Transient))]
    public void Every_no_of_STS_has_one_kind(int status, string? code, string fault) =>
        Assert.Equal(fault, StsFault.Classify(status, code).ToString());

    [Fact]
    public void The_table_has_no_code_twice_and_always_an_advice()
    {
        Assert.Distinct(StsFault.Rows.Select(row => row.Code));
        Assert.All(StsFault.Rows, row => Assert.Matches("^[A-Z].{20,}\\.$", row.Advice));
    }
}
