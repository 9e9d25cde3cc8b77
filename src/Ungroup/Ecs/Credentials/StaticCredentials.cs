namespace Ungroup.Ecs.Credentials;

internal sealed class StaticCredentials(AccessKey credentials) : ICredentialsProvider
{
    private readonly Grant.Given _given = new(credentials);

    public string Name => credentials.SecurityToken is null ? "static_ak" : "static_sts";

    public ValueTask<Grant> GetAsync(CancellationToken cancellationToken) => new(_given);

    public ValueTask RefreshAsync(AccessKey refused, CancellationToken cancellationToken) => default;
}
