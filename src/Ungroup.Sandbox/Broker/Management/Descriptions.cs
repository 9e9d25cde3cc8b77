using System.Xml;
using System.Xml.Linq;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Management;

/// <summary>Describes an entity: how it is set and how many messages it holds. The broker leaves out what it does not have, such as a size.</summary>
internal static class Descriptions
{
    private static readonly XNamespace ServiceBus = "http://schemas.microsoft.com/netservices/2010/10/servicebus/connect";
    private static readonly XNamespace Counters = "http://schemas.microsoft.com/netservices/2011/06/servicebus";
    private static readonly XNamespace Instance = "http://www.w3.org/2001/XMLSchema-instance";

    public static XElement Queue(MessageQueue queue) => Atom.Entry(queue.Name, new(
        ServiceBus + "QueueDescription",
        Value("LockDuration", queue.Options.LockDuration),
        Value("RequiresDuplicateDetection", queue.Options.DuplicateDetectionWindow is not null),
        Value("RequiresSession", false),
        Life(queue.Options.DefaultTimeToLive),
        Value("DeadLetteringOnMessageExpiration", queue.Options.DeadLetterOnExpiry),
        Window(queue.Options.DuplicateDetectionWindow),
        Value("MaxDeliveryCount", queue.Options.MaxDeliveryCount),
        Count(queue.Counts),
        Value("Status", "Active")));

    public static XElement Topic(Topic topic) => Atom.Entry(topic.Options.Name, new(
        ServiceBus + "TopicDescription",
        Life(topic.Options.DefaultTimeToLive),
        Value("RequiresDuplicateDetection", topic.Options.DuplicateDetectionWindow is not null),
        Window(topic.Options.DuplicateDetectionWindow),
        Count(topic.Queue.Counts),
        Value("Status", "Active"),
        Value("SubscriptionCount", topic.Subscriptions.Count)));

    public static XElement Subscription(Subscription subscription) => Atom.Entry(subscription.Options.Name, new(
        ServiceBus + "SubscriptionDescription",
        Value("LockDuration", subscription.Options.LockDuration),
        Value("RequiresSession", false),
        Life(subscription.Options.DefaultTimeToLive),
        Value("DeadLetteringOnMessageExpiration", subscription.Options.DeadLetterOnExpiry),
        Value("MaxDeliveryCount", subscription.Options.MaxDeliveryCount),
        Count(subscription.Queue.Counts),
        Value("Status", "Active")));

    public static XElement Rule(Subscription subscription) => Atom.Entry(subscription.Options.RuleName, new(
        ServiceBus + "RuleDescription",
        new XElement(
            ServiceBus + "Filter",
            Type(subscription.Options.Filter is null ? "TrueFilter" : "SqlFilter"),
            Value("SqlExpression", subscription.Options.Filter ?? "1=1"),
            Value("CompatibilityLevel", 20)),
        new XElement(ServiceBus + "Action", Type("EmptyRuleAction")),
        Value("Name", subscription.Options.RuleName)));

    /// <summary>The tier is the smallest one that has topics.</summary>
    public static XElement Namespace(string host, DateTimeOffset started) => Atom.Entry(host, new(
        ServiceBus + "NamespaceInfo",
        Value("CreatedTime", started),
        Value("MessagingSKU", "Standard"),
        Value("ModifiedTime", started),
        Value("Name", host),
        Value("NamespaceType", "Messaging")));

    /// <summary>A locked message is an active one, as Service Bus counts them.</summary>
    private static object[] Count(QueueCounts counts) =>
    [
        Value("MessageCount", counts.Active + counts.Locked + counts.Scheduled + counts.DeadLettered),
        new XElement(
            ServiceBus + "CountDetails",
            new XElement(Counters + "ActiveMessageCount", counts.Active + counts.Locked),
            new XElement(Counters + "DeadLetterMessageCount", counts.DeadLettered),
            new XElement(Counters + "ScheduledMessageCount", counts.Scheduled),
            new XElement(Counters + "TransferMessageCount", 0),
            new XElement(Counters + "TransferDeadLetterMessageCount", 0)),
    ];

    private static XElement Life(TimeSpan? life) => Value("DefaultMessageTimeToLive", life ?? TimeSpan.MaxValue);

    private static XElement? Window(TimeSpan? window) => window is { } length ? Value("DuplicateDetectionHistoryTimeWindow", length) : null;

    private static XAttribute Type(string type) => new(Instance + "type", type);

    private static XElement Value(string name, object value) =>
        new(ServiceBus + name, value is TimeSpan duration ? XmlConvert.ToString(duration) : value);
}
