namespace Ungroup.Sandbox.Broker;

/// <summary>A topic: what is sent to it is copied to each of its subscriptions whose filter lets it through.</summary>
public sealed class TopicOptions
{
    /// <summary>The name clients send to, without regard to case.</summary>
    public required string Name { get; init; }

    /// <summary>The longest life of a message, whatever it says itself. Default: for ever.</summary>
    public TimeSpan? DefaultTimeToLive { get; init; }

    /// <summary>For how long a message with an id that was there before is taken and not kept. Default: never, no detection of duplicates.</summary>
    public TimeSpan? DuplicateDetectionWindow { get; init; }

    /// <summary>The subscriptions that get copies. One that is in the journal and not here keeps its messages and gets no more.</summary>
    public IReadOnlyList<SubscriptionOptions> Subscriptions { get; init; } = [];

    /// <summary>The topic's own messages: those whose time has not come.</summary>
    internal QueueOptions AsQueue() =>
        new() { Name = Name, DefaultTimeToLive = DefaultTimeToLive, DuplicateDetectionWindow = DuplicateDetectionWindow };

    /// <summary>The first fault of these options, in a sentence, or null.</summary>
    internal string? Problem()
    {
        var twice = Subscriptions.GroupBy(s => s.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return AsQueue().Problem("topic")
            ?? (twice is null ? null : $"{Name}: the subscription '{twice.Key}' is listed {twice.Count()} times.")
            ?? Subscriptions.Select(subscription => subscription.Problem(Name)).FirstOrDefault(problem => problem is not null);
    }
}
