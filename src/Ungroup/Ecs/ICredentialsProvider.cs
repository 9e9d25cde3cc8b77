namespace Ungroup.Ecs;

internal interface ICredentialsProvider
{
    /// <summary>The value of <c>x-acs-credentials-provider</c>.</summary>
    string Name { get; }

    ValueTask<Grant> GetAsync(CancellationToken cancellationToken);

    /// <summary>Forgets credentials that ECS has refused; of many calls refused with the same ones, the first counts.</summary>
    ValueTask RefreshAsync(AccessKey refused, CancellationToken cancellationToken);
}
