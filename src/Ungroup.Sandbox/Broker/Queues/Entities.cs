using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Broker.Journal;
using Ungroup.Sandbox.Broker.Wire.Nodes;

namespace Ungroup.Sandbox.Broker.Queues;

/// <summary>All that a broker serves, by name and without regard to case.</summary>
internal sealed class Entities
{
    private readonly Dictionary<string, MessageQueue> _received = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Topic> _topics = new(StringComparer.OrdinalIgnoreCase);
    private readonly SqliteJournal? _journal;
    private readonly TimeProvider _clock;
    private readonly List<CommitLoop> _loops = [];

    public Entities(BrokerOptions options, SqliteJournal? journal)
    {
        (_journal, _clock) = (journal, options.Clock);
        Queues = [.. options.Queues.Select(Start)];
        Topics = [.. options.Topics.Select(Start)];
    }

    public IReadOnlyList<MessageQueue> Queues { get; }

    public IReadOnlyList<Topic> Topics { get; }

    public IReadOnlyList<CommitLoop> Loops => _loops;

    /// <summary>Queues and subscriptions: what can be received from.</summary>
    public IReadOnlyCollection<MessageQueue> Received => _received.Values;

    public bool TryFind(string path, [NotNullWhen(true)] out MessageQueue? queue) => _received.TryGetValue(path, out queue);

    public bool TryFindTopic(string name, [NotNullWhen(true)] out Topic? topic) => _topics.TryGetValue(name, out topic);

    private MessageQueue Start(QueueOptions options)
    {
        var queue = Open(options);
        _received.Add(queue.Name, queue);
        Run([queue], static _ => { });
        return queue;
    }

    private Topic Start(TopicOptions options)
    {
        var topic = new Topic(options, Open(options.AsQueue()), [.. options.Subscriptions.Select(subscription => Open(options.Name, subscription))]);
        foreach (var subscription in topic.Subscriptions)
        {
            _received.Add(subscription.Queue.Name, subscription.Queue);
        }

        _topics.Add(options.Name, topic);
        Run([topic.Queue, .. topic.Subscriptions.Select(subscription => subscription.Queue)], topic.Distribute);
        return topic;
    }

    private Subscription Open(string topic, SubscriptionOptions options) => SqlFilter.TryParse(options.Filter, out var filter, out var problem)
        ? new(options, Open(options.AsQueue(topic)), filter.Matches)
        : throw new InvalidOperationException(problem); // asked of the options before

    private MessageQueue Open(QueueOptions options) => new(options, _journal?.Queue(options.Name));

    private void Run(IReadOnlyList<MessageQueue> together, Action<DateTimeOffset> distribute) =>
        _loops.Add(new(together, distribute, _journal, _clock));
}
