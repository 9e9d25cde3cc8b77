using System.Net;

namespace Ungroup.Sandbox.Broker;

public sealed class BrokerOptions
{
    /// <summary>The address to listen on. Default: 127.0.0.1, so that nobody else can connect unless you say so.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port to listen on; 0 takes any free one. Default: 5672.</summary>
    public int Port { get; init; } = 5672;

    /// <summary>Try the next ports, up to a hundred, when <see cref="Port"/> is taken. Default: true.</summary>
    public bool NextFreePort { get; init; } = true;

    /// <summary>The queues to serve. A queue that is in the journal and not here keeps its messages, unserved.</summary>
    public IReadOnlyList<QueueOptions> Queues { get; init; } = [];

    /// <summary>The topics to serve, with their subscriptions.</summary>
    public IReadOnlyList<TopicOptions> Topics { get; init; } = [];

    /// <summary>The SQLite file that makes an acknowledged message survive a crash. Default: none, in memory only.</summary>
    public string? JournalPath { get; init; }

    /// <summary>The name of the shared access key. Default: RootManageSharedAccessKey.</summary>
    public string KeyName { get; init; } = "RootManageSharedAccessKey";

    /// <summary>The shared access key. Default: 32 random bytes in base64, to be read from the connection string.</summary>
    public string? Key { get; init; }

    /// <summary>The clock of locks, schedules, expiry and tokens. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The largest message accepted, in bytes. Default: 1 MiB.</summary>
    public int MaxMessageSize { get; init; } = 1024 * 1024;

    /// <summary>The most connections at once; further ones are closed unanswered. Default: 1,024.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>How long a client may take from connecting to its AMQP open. Default: 10 seconds.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Told of each message that comes to a queue or topic, before its sender knows that it was taken. Default: nobody.</summary>
    public Action<SentMessage>? Sent { get; init; }

    /// <summary>The first fault of these options, in a sentence, or null.</summary>
    internal string? Problem()
    {
        var names = Queues.Select(queue => queue.Name).Concat(Topics.Select(topic => topic.Name));
        var twice = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1);
        return twice is not null
            ? $"The queue or topic '{twice.Key}' is listed {twice.Count()} times."
            : Queues.Select(queue => queue.Problem()).Concat(Topics.Select(topic => topic.Problem())).FirstOrDefault(problem => problem is not null);
    }
}
