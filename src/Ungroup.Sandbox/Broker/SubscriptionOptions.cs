using Ungroup.Sandbox.Broker.Wire;
using Ungroup.Sandbox.Broker.Wire.Nodes;

namespace Ungroup.Sandbox.Broker;

/// <summary>A subscription of a topic. Clients receive from <c>TOPIC/Subscriptions/NAME</c>, without regard to case.</summary>
public sealed class SubscriptionOptions
{
    public required string Name { get; init; }

    /// <summary>Which messages it gets, as <c>PROPERTY IN ('VALUE', …)</c> of an application property. Default: all of them.</summary>
    public string? Filter { get; init; }

    /// <summary>The name of the rule that the filter is. Default: $Default.</summary>
    public string RuleName { get; init; } = "$Default";

    /// <summary>How long a received message is hidden from others. Default: 30 seconds.</summary>
    public TimeSpan LockDuration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The failed delivery that sends a message to the dead-letter queue. Default: 10.</summary>
    public int MaxDeliveryCount { get; init; } = 10;

    /// <summary>The longest life of a message, whatever it says itself. Default: for ever.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>Keep a message whose time to live is over in the dead-letter queue instead of dropping it. Default: false.</summary>
    public bool DeadLetterOnExpiry { get; init; }

    internal QueueOptions AsQueue(string topic) => new()
    {
        Name = EntityAddress.OfSubscription(topic, Name),
        LockDuration = LockDuration,
        MaxDeliveryCount = MaxDeliveryCount,
        DefaultTimeToLive = DefaultTimeToLive,
        DeadLetterOnExpiry = DeadLetterOnExpiry,
    };

    /// <summary>The first fault of these options, in a sentence, or null.</summary>
    internal string? Problem(string topic) =>
        QueueOptions.ProblemOfName("subscription", Name)
        ?? AsQueue(topic).ProblemOfValues()
        ?? (SqlFilter.TryParse(Filter, out _, out var problem) ? null : $"{topic}/{Name}: {problem}");
}
