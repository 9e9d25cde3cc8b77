namespace Ungroup.Ecs.Credentials;

/// <summary>The official clients' variables, read once, and again when ECS no longer takes the key.</summary>
internal sealed class EnvironmentCredentials(EnvironmentVariables environment) : ICredentialsProvider
{
    private static readonly Grant.Withheld Missing =
        new("MissingCredentials", "The environment has no access key.", Fault.Configuration, EcsFault.AdviceFor("MissingCredentials", Fault.Configuration));

    private Grant.Given? _cached;

    public string Name => "env";

    public ValueTask<Grant> GetAsync(CancellationToken cancellationToken) => new((Grant?)Volatile.Read(ref _cached) ?? (Grant?)ReadAgain() ?? Missing);

    public ValueTask RefreshAsync(AccessKey refused, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _cached) is { } cached && ReferenceEquals(cached.Credentials, refused))
        {
            Interlocked.CompareExchange(ref _cached, null, cached);
        }

        return default;
    }

    private Grant.Given? ReadAgain()
    {
        var read = Read();
        return Interlocked.CompareExchange(ref _cached, read, null) ?? read;
    }

    private Grant.Given? Read() =>
        environment("ALIBABA_CLOUD_ACCESS_KEY_ID") is { Length: > 0 } id && environment("ALIBABA_CLOUD_ACCESS_KEY_SECRET") is { Length: > 0 } secret
            ? new(new(id, secret, environment("ALIBABA_CLOUD_SECURITY_TOKEN") is { Length: > 0 } token ? token : null))
            : null;
}
