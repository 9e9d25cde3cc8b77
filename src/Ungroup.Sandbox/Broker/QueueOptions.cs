namespace Ungroup.Sandbox.Broker;

public sealed class QueueOptions
{
    /// <summary>The name clients attach to, without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>How long a received message is hidden from others. Default: 30 seconds.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The failed delivery that sends a message to the dead-letter queue. Default: 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>Keep a message whose time to live is over in the dead-letter queue instead of dropping it. Default: false.</summary>
    public bool DeadLetterOnExpiry { get; init; }

    /// <summary>Told the id of each message that is to arrive later, and when, before its sender knows that it was taken. Default: nobody.</summary>
    public Action<string, DateTimeOffset>? Scheduled { get; init; }

    /// <summary>What is wrong with these options, or null.</summary>
    internal string? Problem()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Contains('/') || Name.StartsWith('$'))
        {
            return $"A queue cannot be named '{Name}': a name is not empty, has no '/' and does not start with '$'.";
        }

        if (LockDuration <= TimeSpan.Zero)
        {
            return $"{Name}: LockDuration is {LockDuration}; it must be longer than nothing.";
        }

        return MaxDeliveryCount < 1 ? $"{Name}: MaxDeliveryCount is {MaxDeliveryCount}; a message needs at least one delivery." : null;
    }
}
