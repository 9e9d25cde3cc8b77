using Ungroup.Tests.Ecs;

namespace Ungroup.Tests.Faults;

/// <summary>An answer that is not ECS's word, or not about the request, ends no request.</summary>
public sealed class ForeignFaultTests : IAsyncDisposable
{
    private readonly IncidentStorm _storm = new();

    public ValueTask DisposeAsync() => _storm.DisposeAsync();

    [Theory]
    [InlineData(403, "<html><body>Forbidden</body></html>", false)]
    [InlineData(403, "<html><body>Forbidden</body></html>", true)]
    [InlineData(502, "<html/>", true)]
    [InlineData(401, "<html/>", false)]
    [InlineData(302, "", true)]
    public Task Fault_58_Forty_incidents_under_the_page_of_a_proxy_all_end_removed(int status, string body, bool alsoReads) =>
        AllEndRemoved(Replies.Body(status, "text/html", body), alsoReads);

    [Theory]
    [InlineData(404, "", false)]
    [InlineData(404, "", true)]
    [InlineData(413, "", false)]
    [InlineData(400, "[1]", false)]
    public Task Fault_59_Forty_incidents_under_empty_or_meaningless_bodies_all_end_removed(int status, string body, bool alsoReads) =>
        AllEndRemoved(Replies.Body(status, "text/plain", body), alsoReads);

    [Theory]
    [InlineData(200, """{"RequestId":"R","Code":"InternalError"}""")]
    [InlineData(200, """{"Code":"Forbidden"}""")]
    [InlineData(200, "{}")]
    [InlineData(202, """{"RequestId":"R"}""")]
    [InlineData(206, """{"RequestId":"R"}""")]
    public Task Fault_60_A_success_that_says_otherwise_is_no_success_and_no_refusal(int status, string body) =>
        AllEndRemoved(Replies.Json(status, body), alsoReads: false);

    [Theory]
    [InlineData(400, "InsufficientBalance")]
    [InlineData(400, "Account.Arrearage")]
    [InlineData(403, "Forbidden.UserVerification")]
    [InlineData(403, "ActionUnauthorized")]
    [InlineData(403, "AccessDenied")]
    [InlineData(403, "NoPermission")]
    [InlineData(403, "Forbidden.NotSupportRAM")]
    [InlineData(403, "ExplicitDeny")]
    [InlineData(404, "InvalidAccessKeyId.NotFound")]
    public async Task Fault_63_A_code_that_is_about_the_account_ends_no_request_of_it(int status, string code)
    {
        await AllEndRemoved(Replies.Error(status, code), alsoReads: false);
        Assert.Contains(code, Assert.Single(_storm.Closings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "NobodyHasSeenThis")]
    [InlineData(403, "Forbidden.InstanceNotFound")]
    public async Task Fault_64_A_code_that_nobody_knows_ends_no_request_where_it_is_soon_over(int status, string code)
    {
        await AllEndRemoved(Replies.Error(status, code), alsoReads: false);
        Assert.Contains("not known to Ungroup", Assert.Single(_storm.Closings), StringComparison.Ordinal);
    }

    private async Task AllEndRemoved(ScriptedReply bad, bool alsoReads)
    {
        await _storm.RunAsync(bad, TimeSpan.FromSeconds(15), alsoReads);

        Assert.Equal([("Removed", 40)], _storm.Ends.GroupBy(end => end.Status).Select(ends => (ends.Key, ends.Count())));
        Assert.InRange(_storm.Closings.Count(), 1, alsoReads ? 2 : 1);
        Assert.InRange(_storm.Took, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5));
    }
}
