namespace Ungroup.Ecs;

/// <summary>Where an account's credentials come from.</summary>
internal interface ICredentialsProvider
{
    /// <summary>What ECS is told in <c>x-acs-credentials-provider</c>.</summary>
    string Name { get; }

    /// <summary>Credentials, or why there are none.</summary>
    ValueTask<Grant> GetAsync(CancellationToken cancellationToken);

    /// <summary>Forgets credentials that ECS has refused. Of many calls refused with the same ones, the first counts.</summary>
    ValueTask RefreshAsync(AccessKey refused, CancellationToken cancellationToken);
}
