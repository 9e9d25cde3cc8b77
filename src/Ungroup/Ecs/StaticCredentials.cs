namespace Ungroup.Ecs;

/// <summary>The key in the settings of the account.</summary>
internal sealed class StaticCredentials(Credentials credentials) : ICredentialsProvider
{
    private readonly Grant.Given _given = new(credentials);

    public string Name => credentials.SecurityToken is null ? "static_ak" : "static_sts";

    public ValueTask<Grant> GetAsync(CancellationToken cancellationToken) => new(_given);

    public ValueTask RefreshAsync(Credentials refused, CancellationToken cancellationToken) => default;
}
