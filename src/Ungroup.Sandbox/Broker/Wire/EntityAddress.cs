using System.Diagnostics.CodeAnalysis;
using Ungroup.Sandbox.Broker.Queues;

namespace Ungroup.Sandbox.Broker.Wire;

/// <summary>What a link address means: a queue, its dead letters, or the management node of either.</summary>
internal sealed record EntityAddress(string Queue, SubQueueName Place, bool IsManagement)
{
    public const string Cbs = "$cbs";

    private const string DeadLetters = "$deadletterqueue";
    private const string Management = "$management";

    /// <summary>The .NET SDK writes a leading slash.</summary>
    public static string Normalize(string address) => address.Trim('/');

    public static string PathOf(Uri uri) => Normalize(Uri.UnescapeDataString(uri.AbsolutePath));

    /// <summary>By whole segments: a token for 'orders' is none for 'orders-eu'.</summary>
    public static bool IsWithin(string path, string prefix) =>
        prefix.Length == 0
        || string.Equals(path, prefix, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(prefix + "/", StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(string address, [NotNullWhen(true)] out EntityAddress? entity)
    {
        var parts = Normalize(address).Split('/');
        var isManagement = parts.Length > 1 && Is(parts[^1], Management);
        entity = (isManagement ? parts[..^1] : parts) switch
        {
            [{ Length: > 0 } queue] => new(queue, SubQueueName.Main, isManagement),
            [{ Length: > 0 } queue, var sub] when Is(sub, DeadLetters) => new(queue, SubQueueName.DeadLetters, isManagement),
            _ => null,
        };
        return entity is not null;
    }

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);
}
