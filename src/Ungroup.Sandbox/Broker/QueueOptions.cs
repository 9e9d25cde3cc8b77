namespace Ungroup.Sandbox.Broker;

public sealed class QueueOptions
{
    /// <summary>The name clients attach to, without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>How long a received message is hidden from others. Default: 30 seconds.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The failed delivery that sends a message to the dead-letter queue. Default: 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>The longest life of a message, whatever it says itself. Default: for ever.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>Keep a message whose time to live is over in the dead-letter queue instead of dropping it. Default: false.</summary>
    public bool DeadLetterOnExpiry { get; init; }

    /// <summary>For how long a message with an id that was there before is taken and not kept. Default: never, no detection of duplicates.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>The first fault of these options, in a sentence, or null.</summary>
    internal string? Problem(string kind = "queue") => ProblemOfName(kind, Name) ?? ProblemOfValues();

    internal static string? ProblemOfName(string kind, string name) =>
        string.IsNullOrWhiteSpace(name) || name.Contains('/') || name.StartsWith('$')
            ? $"A {kind} cannot be named '{name}': a name is not empty, has no '/' and does not start with '$'."
            : null;

    internal string? ProblemOfValues() =>
        LockDuration <= TimeSpan.Zero ? $"{Name}: LockDuration is {LockDuration}; it must be longer than nothing."
        : MaxDeliveryCount < 1 ? $"{Name}: MaxDeliveryCount is {MaxDeliveryCount}; a message needs at least one delivery."
        : DefaultTimeToLive <= TimeSpan.Zero ? $"{Name}: DefaultTimeToLive is {DefaultTimeToLive}; it must be longer than nothing."
        : DuplicateDetectionWindow <= TimeSpan.Zero ? $"{Name}: DuplicateDetectionWindow is {DuplicateDetectionWindow}; it must be longer than nothing."
        : null;
}
