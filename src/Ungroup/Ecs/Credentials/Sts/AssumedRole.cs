namespace Ungroup.Ecs.Credentials.Sts;

internal sealed class AssumedRole(StsClient sts, StsRole role, string? externalId, ICredentialsProvider keys)
{
    public async Task<Grant> IssueAsync()
    {
        var key = await keys.GetAsync(CancellationToken.None);
        var grant = await TryAsync(key);
        if (grant is Grant.Withheld { Fault: Fault.Authentication } && key is Grant.Given { Credentials: var refused })
        {
            await keys.RefreshAsync(refused, CancellationToken.None);
            grant = await TryAsync(await keys.GetAsync(CancellationToken.None));
        }

        return grant is Grant.Withheld withheld ? withheld.Finally() : grant;
    }

    private async Task<Grant> TryAsync(Grant key) =>
        key is Grant.Given { Credentials: var credentials } ? await sts.AssumeRoleAsync(role, externalId, credentials) : key;
}
