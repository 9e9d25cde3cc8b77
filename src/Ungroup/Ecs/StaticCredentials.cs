namespace Ungroup.Ecs;

/// <summary>The key in the settings of the account.</summary>
internal sealed class StaticCredentials(Credentials credentials) : ICredentialsProvider
{
    public string Name => credentials.SecurityToken is null ? "static_ak" : "static_sts";

    public ValueTask<Credentials?> GetAsync(CancellationToken cancellationToken) => new(credentials);

    public ValueTask RefreshAsync(Credentials refused, CancellationToken cancellationToken) => default;
}
