namespace Ungroup.Sandbox.Ecs;

public sealed class SimulatorOptions
{
    /// <summary>The port to listen on, or the next free one after it. Default: 0, any free port.</summary>
    public int Port { get; set; }

    /// <summary>The clock of dates, windows, delays and `becomes`. Default: the system's clock.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>How many calls <see cref="RequestLog"/> keeps. Default: 100,000.</summary>
    public int RequestLogCapacity { get; set; } = 100_000;

    /// <summary>Whether signatures, dates and security tokens are verified. Default: true.</summary>
    public bool CheckSignatures { get; set; } = true;

    /// <summary>How long issued credentials live, whatever was asked for. Default: none, as asked for.</summary>
    public TimeSpan? SessionLifetime { get; set; }

    /// <summary>How long the tokens of the identity endpoint live. Default: a day, as Azure's do.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Whether a nonce may be used only once. Default: true; without <see cref="CheckSignatures"/> nothing is checked.</summary>
    public bool CheckNonces { get; set; } = true;
}
