using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using Azure.Identity;
using Azure.Messaging.ServiceBus;

namespace Ungroup.ServiceBus;

/// <summary>Failures between us and the bus that are not bugs, each in one line.</summary>
internal static class BusFailure
{
    public static bool Is(Exception exception) => exception
        is ServiceBusException or UnauthorizedAccessException or AuthenticationFailedException or SocketException or IOException
        or TimeoutException or AuthenticationException or ObjectDisposedException or WebSocketException or HttpRequestException;

    /// <summary>Only a change of a setting, a right or the namespace helps.</summary>
    public static bool IsPermanent(Exception exception) => exception switch
    {
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound or ServiceBusFailureReason.MessagingEntityDisabled } => true,
        UnauthorizedAccessException or AuthenticationFailedException => true,
        _ => Cause<AuthenticationException>(exception) is not null
            || Cause<SocketException>(exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData },
    };

    public static string Say(Exception exception) => exception switch
    {
        UnauthorizedAccessException => $"the bus refuses this key or identity: {FirstLine(exception)}",
        AuthenticationFailedException => $"no identity could sign in: {FirstLine(exception)}",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound } => "there is no such queue or topic",
        ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityDisabled } => "the queue or topic is disabled",
        TimeoutException or ServiceBusException { Reason: ServiceBusFailureReason.ServiceTimeout } => "no answer in time",
        _ when Cause<AuthenticationException>(exception) is { } untrusted => $"the certificate of the bus is not trusted: {FirstLine(untrusted)}",
        _ when Cause<SocketException>(exception) is { } network => FirstLine(network),
        _ => FirstLine(exception),
    };

    private static T? Cause<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not (null or T))
        {
            exception = exception.InnerException;
        }

        return exception as T;
    }

    // The client adds how to find help, with numbers that change every time.
    private static string FirstLine(Exception exception)
    {
        var text = exception.Message;
        foreach (var end in (ReadOnlySpan<string>)["\n", "For troubleshooting", "TrackingId:", "Reference:"])
        {
            text = text.IndexOf(end, StringComparison.Ordinal) is > 0 and var at ? text[..at] : text;
        }

        return text.Trim().TrimEnd('.', ',', ' ');
    }
}
