using System.Net.Sockets;
using System.Security.Authentication;
using Amqp;

namespace Ungroup.Cli.Amqp;

/// <summary>What can go wrong between us and a broker that is not a bug of ours, and how to say it in one line.</summary>
internal static class BusFailure
{
    public static bool Is(Exception exception) =>
        exception is AmqpException or SocketException or IOException or TimeoutException or AuthenticationException or ObjectDisposedException;

    public static string Say(Exception exception) => exception switch
    {
        AmqpException { Error: { } error } => Say(error.Condition, error.Description),
        TimeoutException => "no answer in time",
        _ => exception.Message.TrimEnd('.'),
    };

    public static string Say(string? condition, string? description) =>
        string.IsNullOrEmpty(description) ? condition ?? "closed" : $"{condition}: {description.TrimEnd('.')}";
}
