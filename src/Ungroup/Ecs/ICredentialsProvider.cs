namespace Ungroup.Ecs;

internal interface ICredentialsProvider
{
    /// <summary>The value of <c>x-acs-credentials-provider</c>.</summary>
    string Name { get; }

    ValueTask<Grant> GetAsync(CancellationToken cancellationToken);

    /// <summary>Of many calls refused with the same credentials, the first counts.</summary>
    ValueTask RefreshAsync(AccessKey refused, CancellationToken cancellationToken);
}
