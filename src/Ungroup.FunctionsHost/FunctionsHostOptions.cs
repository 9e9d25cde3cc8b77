namespace Ungroup.FunctionsHost;

public sealed class FunctionsHostOptions
{
    /// <summary>The app's build output or publication: where its worker.config.json and host.json are.</summary>
    public required string AppDirectory { get; init; }

    /// <summary>The app's settings, as the Values of a local.settings.json. The worker process gets them as its environment.</summary>
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    /// <summary>Where HTTP functions are called: this port of 127.0.0.1, or the next free one; 0 for any. Default: 7071.</summary>
    public int HttpPort { get; init; } = 7071;

    /// <summary>The key that HTTP functions ask for. Default: 32 random bytes.</summary>
    public string? Key { get; init; }

    /// <summary>How long a stop waits for what has begun, before it is cancelled. Default: 90 seconds, longer than any single call to ECS.</summary>
    public TimeSpan LongestDrain { get; init; } = TimeSpan.FromSeconds(90);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Hears what happens. Default: nobody.</summary>
    public HostWatch Watch { get; init; } = new();
}
