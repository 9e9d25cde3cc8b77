using Ungroup.Cli.Sandbox.Screen;

namespace Ungroup.Cli.Sandbox;

internal enum SandboxHostKind
{
    /// <summary>The self-hosted worker, in this process.</summary>
    Worker,

    /// <summary>The function app's own process, driven as the Functions host does.</summary>
    Functions,
}

internal enum SandboxLedger
{
    Sqlite,
    Table,
}

internal interface ISandboxHost : IAsyncDisposable
{
    /// <summary>Null where it does not say.</summary>
    PaceLine? Pace { get; }

    /// <summary>Whether it says how many calls each message took.</summary>
    bool CountsCalls { get; }

    /// <summary>Faults when it cannot go on, with a sentence.</summary>
    Task Completion { get; }
}
