namespace Ungroup.Ecs;

/// <summary>Reads an environment variable. The host gives it; the core reads no environment.</summary>
public delegate string? EnvironmentVariables(string name);

/// <summary>The variables that every official client reads. Read once, and again when ECS no longer takes the key.</summary>
internal sealed class EnvironmentCredentials(EnvironmentVariables environment) : ICredentialsProvider
{
    private Credentials? _cached;

    public string Name => "env";

    public ValueTask<Credentials?> GetAsync(CancellationToken cancellationToken) => new(Volatile.Read(ref _cached) ?? ReadAgain());

    public ValueTask RefreshAsync(Credentials refused, CancellationToken cancellationToken)
    {
        Interlocked.CompareExchange(ref _cached, null, refused);
        return default;
    }

    private Credentials? ReadAgain()
    {
        var read = Read();
        return Interlocked.CompareExchange(ref _cached, read, null) ?? read;
    }

    private Credentials? Read() =>
        environment("ALIBABA_CLOUD_ACCESS_KEY_ID") is { Length: > 0 } id && environment("ALIBABA_CLOUD_ACCESS_KEY_SECRET") is { Length: > 0 } secret
            ? new(id, secret, environment("ALIBABA_CLOUD_SECURITY_TOKEN") is { Length: > 0 } token ? token : null)
            : null;
}
