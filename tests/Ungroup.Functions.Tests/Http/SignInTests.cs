using System.Text;
using System.Text.Json;
using Ungroup.Functions.Tests.Support;

namespace Ungroup.Functions.Tests.Http;

/// <summary>Says who may approve where App Service authentication is on, and who is believed where it is off.</summary>
public sealed class SignInTests
{
    private const string Role = "Ungroup.Jobs.Approve";

    [Fact]
    public async Task A_principal_that_nobody_has_checked_is_turned_away()
    {
        await using var bench = new JobsBench();
        var plan = await bench.AwaitAsync();

        Assert.Equal(401, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("bob", "o-1"))).Status);
        Assert.Equal(401, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), ("X-MS-CLIENT-PRINCIPAL-NAME", "bob"))).Status);
        Assert.Equal(401, (await bench.CancelAsync("JOB-7", "", Principal("bob", "o-1"))).Status);
        Assert.Equal(401, (await bench.SubmitAsync(JobsBench.Body, headers: Principal("bob", "o-1"))).Status);
        Assert.Equal("AwaitingApproval", (await bench.GetAsync("JOB-7")).Json.GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_person_with_the_role_approves_under_his_proven_name()
    {
        await using var bench = Signing();
        var plan = await bench.AwaitAsync();

        var (status, job) = await bench.ApproveAsync("JOB-7", $$"""{"plan":"{{plan}}","decision":"approve"}""", Principal("bob@example.com", "o-1"));

        var approval = job.GetProperty("approval");
        Assert.Equal(
            (200, "bob@example.com", "t-1/o-1", true),
            (status, approval.GetProperty("decision").GetProperty("by").GetString(), approval.GetProperty("subject").GetString(), approval.GetProperty("isVerified").GetBoolean()));
    }

    [Fact]
    public async Task Nobody_approves_without_a_sign_in_without_the_role_or_as_an_application()
    {
        await using var bench = Signing();
        var plan = await bench.AwaitAsync();

        Assert.Equal(401, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan))).Status);
        Assert.Equal(403, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("bob", "o-1", role: "Ungroup.Jobs.Read"))).Status);
        Assert.Equal(403, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("bob", "o-1", subject: "o-1"))).Status);
        Assert.Equal(403, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("bob", "o-1", more: ("idtyp", "app")))).Status);
        Assert.Equal("AwaitingApproval", (await bench.GetAsync("JOB-7")).Json.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("not base64 !")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("W10=")]
    [InlineData("e30=")]
    [InlineData("eyJhdXRoX3R5cCI6ImFhZCIsImNsYWltcyI6W119")]
    [InlineData("eyJhdXRoX3R5cCI6ImFhZCIsImNsYWltcyI6W3sidHlwIjo3LCJ2YWwiOiJ4In1dfQ==")]
    public async Task A_principal_that_cannot_be_read_is_nobody(string header)
    {
        await using var bench = Signing();
        var plan = await bench.AwaitAsync();

        Assert.Equal(401, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), ("X-MS-CLIENT-PRINCIPAL", header))).Status);
        Assert.Equal(401, (await bench.CancelAsync("JOB-7", "", ("X-MS-CLIENT-PRINCIPAL", header))).Status);
    }

    [Fact]
    public async Task A_principal_of_another_provider_is_nobody()
    {
        await using var bench = Signing();
        var plan = await bench.AwaitAsync();

        Assert.Equal(401, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("bob", "o-1", provider: "github"))).Status);
    }

    [Fact]
    public async Task Whoever_is_proven_to_have_asked_does_not_approve_under_whatever_name()
    {
        await using var bench = Signing();
        var plan = await bench.AwaitAsync(Principal("alice@example.com", "o-2"));

        var (status, problem) = await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("alice.new@example.com", "o-2"));

        Assert.Equal((403, "OwnJob"), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(200, (await bench.ApproveAsync("JOB-7", JobsBench.Verdict(plan), Principal("bob@example.com", "o-1"))).Status);
    }

    [Fact]
    public async Task Who_cancels_is_told_by_his_proven_name()
    {
        await using var bench = Signing();
        await bench.AwaitAsync();

        var (_, job) = await bench.CancelAsync("JOB-7", """{"by":"somebody else"}""", Principal("bob@example.com", "o-1", role: "none"));

        Assert.Equal("bob@example.com", job.GetProperty("cancelled").GetProperty("by").GetString());
    }

    private static JobsBench Signing() => new(new("WEBSITE_AUTH_ENABLED", "True"));

    private static (string Name, string Value) Principal(
        string name, string id, string role = Role, string subject = "s-1", string provider = "aad", (string Type, string Value)? more = null)
    {
        List<(string Type, string Value)> claims =
        [
            ("http://schemas.microsoft.com/identity/claims/tenantid", "t-1"), ("http://schemas.microsoft.com/identity/claims/objectidentifier", id),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier", subject), ("preferred_username", name), ("roles", role), .. more is { } one ? [one] : (ReadOnlySpan<(string, string)>)[],
        ];
        return ("X-MS-CLIENT-PRINCIPAL", Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
        {
            auth_typ = provider,
            claims = claims.Select(claim => new { typ = claim.Type, val = claim.Value }),
            name_typ = "name",
            role_typ = "roles",
        }))));
    }
}
