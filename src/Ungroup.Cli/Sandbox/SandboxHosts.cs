namespace Ungroup.Cli.Sandbox;

/// <summary>The kinds of host that work on the queues of a sandbox.</summary>
internal enum SandboxHostKind
{
    /// <summary>The self-hosted worker, in this process.</summary>
    Worker,

    /// <summary>The function app's own process, driven as the Functions host does.</summary>
    Functions,
}

/// <summary>Where the function app of a sandbox keeps its ledger.</summary>
internal enum SandboxLedger
{
    Sqlite,
    Table,
}

/// <summary>The host that works on the queues of a sandbox, for as long as it runs.</summary>
internal interface ISandboxHost : IAsyncDisposable
{
    /// <summary>How fast it goes; null where it does not say.</summary>
    PaceLine? Pace { get; }

    /// <summary>Whether it says how many calls each message took.</summary>
    bool CountsCalls { get; }

    /// <summary>Faults when it cannot go on, with a sentence.</summary>
    Task Completion { get; }
}
