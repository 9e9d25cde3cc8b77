using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>The meaning of a link's address: a queue, topic or subscription, its dead letters, or the management node of either.</summary>
internal sealed record EntityAddress(string Path, SubQueueName Place, bool IsManagement)
{
    public const string Cbs = "$cbs";

    private const string DeadLetters = "$deadletterqueue";
    private const string Management = "$management";
    private const string Subscriptions = "Subscriptions";

    /// <summary>The .NET SDK writes a leading slash.</summary>
    public static string Normalize(string address) => address.Trim('/');

    public static string PathOf(Uri uri) => Normalize(Uri.UnescapeDataString(uri.AbsolutePath));

    public static string OfSubscription(string topic, string name) => $"{topic}/{Subscriptions}/{name}";

    /// <summary>By whole segments: a token for 'orders' is none for 'orders-eu'.</summary>
    public static bool IsWithin(string path, string prefix) =>
        prefix.Length == 0
        || string.Equals(path, prefix, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(string address, [NotNullWhen(true)] out EntityAddress? entity)
    {
        var parts = Normalize(address).Split('/').ToList();
        var isManagement = TakeLast(parts, Management);
        var place = TakeLast(parts, DeadLetters) ? SubQueueName.DeadLetters : SubQueueName.Main;
        entity = parts switch
        {
            [{ Length: > 0 } queue] => new(queue, place, isManagement),
            [{ Length: > 0 } topic, var word, { Length: > 0 } name] when Is(word, Subscriptions) => new(OfSubscription(topic, name), place, isManagement),
            _ => null,
        };
        return entity is not null;
    }

    private static bool TakeLast(List<string> parts, string name)
    {
        var isThere = parts.Count > 1 && Is(parts[^1], name);
        if (isThere)
        {
            parts.RemoveAt(parts.Count - 1);
        }

        return isThere;
    }

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);
}
