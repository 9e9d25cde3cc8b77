namespace Ungroup.Intake;

/// <summary>The person or program at a door that decides something about a job. A name that nobody has proven is what the order says.</summary>
public sealed record JobCaller
{
    private JobCaller(string door, string nobody) => (Door, Nobody) = (door, nobody);

    /// <summary>Over HTTP, with a key of a function, which gives no name.</summary>
    public static JobCaller OverHttp { get; } = new("http", "somebody over HTTP");

    /// <summary>At a command line.</summary>
    public static JobCaller AtCommandLine { get; } = new("command line", "somebody at a command line");

    internal string Door { get; }

    /// <summary>The name where the order says none.</summary>
    internal string Nobody { get; }

    /// <summary>Proven; null where it is only said.</summary>
    internal string? Name { get; private init; }

    /// <summary>Tenant and object of the proven name, which stay when it changes.</summary>
    internal string? Subject { get; private init; }

    internal bool IsVerified => Name is not null;

    /// <summary>The same door, and somebody whose name was proven.</summary>
    /// <param name="name">For a person to read.</param>
    /// <param name="subject">The same for ever, such as tenant and object id.</param>
    public JobCaller Verified(string name, string subject) => this with { Name = name, Subject = subject };
}
