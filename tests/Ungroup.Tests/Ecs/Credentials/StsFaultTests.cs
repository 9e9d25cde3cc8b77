using Ungroup.Ecs;
using Ungroup.Ecs.Credentials.Sts;

namespace Ungroup.Tests.Ecs.Credentials;

public sealed class StsFaultTests
{
    [Theory]
    [InlineData(400, "AuthenticationFail.OIDCToken.Expired", Fault.Authentication)]
    [InlineData(400, "AuthenticationFail.OIDCToken.Invalid", Fault.Configuration)]
    [InlineData(400, "AuthenticationFail.OIDCToken.PublicKeyFingerprintMismatch", Fault.Configuration)]
    [InlineData(403, "AuthenticationFail.NoPermission", Fault.Configuration)]
    [InlineData(404, "EntityNotExist.Role", Fault.Configuration)]
    [InlineData(403, "NoPermission", Fault.Configuration)]
    [InlineData(400, "InvalidParameter.Anything", Fault.Configuration)]
    [InlineData(400, "Throttling.User", Fault.Throttled)]
    [InlineData(503, "Throttling.Node", Fault.Throttled)]
    [InlineData(302, null, Fault.Throttled)]
    [InlineData(429, null, Fault.Throttled)]
    [InlineData(408, null, Fault.Transient)]
    [InlineData(500, "InternalError", Fault.Transient)]
    [InlineData(502, null, Fault.Transient)]
    [InlineData(404, null, Fault.Transient)]
    public void Every_no_of_STS_has_one_kind(int status, string? code, Fault fault) => Assert.Equal(fault, StsFault.Classify(status, code));

    [Fact]
    public void The_table_has_no_code_twice_and_always_an_advice()
    {
        Assert.Distinct(StsFault.Rows.Select(row => row.Code));
        Assert.All(StsFault.Rows, row => Assert.Matches("^[A-Z].{20,}\\.$", row.Advice));
    }
}
