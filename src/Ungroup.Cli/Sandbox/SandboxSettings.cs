namespace Ungroup.Cli.Sandbox;

internal sealed record SandboxSettings
{
    /// <summary>The world file; null for the built-in sample.</summary>
    public string? World { get; init; }

    /// <summary>One message body per line; null for the built-in sample.</summary>
    public string? Requests { get; init; }

    public string? Report { get; init; }

    /// <summary>Where ledger, journal and world stay between runs; null for memory.</summary>
    public string? Data { get; init; }

    public bool Keep { get; init; }

    /// <summary>The worker uses the world's identity instead of its keys.</summary>
    public bool Keyless { get; init; }

    public bool Plain { get; init; }

    public SandboxHostKind Host { get; init; }

    public SandboxLedger Ledger { get; init; }

    /// <summary>Show all log lines of the function app, not only its warnings.</summary>
    public bool Logs { get; init; }

    public bool NoWorker { get; init; }

    /// <summary>The broker alone. Only together with <see cref="NoWorker"/>.</summary>
    public bool NoEcs { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(120);

    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxDeliveries { get; init; } = 10;

    /// <summary>How long a request may stay queued; null for ever.</summary>
    public TimeSpan? TimeToLive { get; init; }

    public bool DeadLetterExpired { get; init; }

    public int Port { get; init; } = 5672;

    public int EcsPort { get; init; } = 8080;

    public int HttpPort { get; init; } = 7071;
}
