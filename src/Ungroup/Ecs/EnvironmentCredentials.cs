namespace Ungroup.Ecs;

/// <summary>Reads an environment variable. The host gives it; the core reads no environment.</summary>
public delegate string? EnvironmentVariables(string name);

/// <summary>The variables that every official client reads. Read once, and again when ECS no longer takes the key.</summary>
internal sealed class EnvironmentCredentials(EnvironmentVariables environment) : ICredentialsProvider
{
    private volatile Credentials? _cached;

    public string Name => "env";

    public ValueTask<Credentials?> GetAsync(CancellationToken cancellationToken) => new(_cached ??= Read());

    public ValueTask RefreshAsync(CancellationToken cancellationToken)
    {
        _cached = null;
        return default;
    }

    private Credentials? Read() =>
        environment("ALIBABA_CLOUD_ACCESS_KEY_ID") is { Length: > 0 } id && environment("ALIBABA_CLOUD_ACCESS_KEY_SECRET") is { Length: > 0 } secret
            ? new(id, secret, environment("ALIBABA_CLOUD_SECURITY_TOKEN") is { Length: > 0 } token ? token : null)
            : null;
}
