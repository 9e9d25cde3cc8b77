using System.Net.Sockets;

namespace Ungroup.Ecs;

/// <summary>
/// The ways not to hear from ECS. Whatever may have reached it may have had its effect; only a connection that was never
/// made is sure to have carried nothing.
/// </summary>
internal static class NoReply
{
    public const string Timeout = "NoReply.Timeout";
    public const string Reset = "NoReply.Reset";
    public const string Tls = "NoReply.Tls";
    public const string Refused = "NoReply.Refused";
    public const string Dns = "NoReply.Dns";
    public const string Connect = "NoReply.Connect";

    /// <summary>Whether a code of ours says that ECS has said nothing.</summary>
    public static bool Is(string? code) => code?.StartsWith("NoReply.", StringComparison.Ordinal) == true;

    /// <summary>There was a reply, but ECS did not write it: empty, too long, somebody else's page, a status that belies its body.</summary>
    public const string Unreadable = "NoReply.Unreadable";

    public static EcsReply TimedOut(TimeSpan after) => Of(Timeout, Fault.Unknown, $"No reply within {after.TotalSeconds:0} s.");

    /// <summary>Whether nothing has left this machine, or not further than to what was to connect it: no attempt was made.</summary>
    public static bool NeverLeft(string? code) => code is Dns or Refused or Connect or Tls;

    public static EcsReply Of(Exception problem) => problem switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            Of(Dns, Fault.Transient, "The host name is not known."),

        // Of the handshake alone, before which nothing is sent; and yet a proxy may have made it.
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            Of(Tls, Fault.Unknown, "There was no secure connection."),
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } =>
            Of(Refused, Fault.Transient, "The proxy made no connection."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            Of(Refused, Fault.Transient, "The connection was refused."),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError, InnerException: SocketException { SocketErrorCode: var error } }
            when IsNoWay(error) => Of(Connect, Fault.Transient, "There was no way to the host."),
        OperationCanceledException => Of(Connect, Fault.Transient, "No connection was made in time."),
        _ => Of(Reset, Fault.Unknown, "The connection broke before the reply was complete."),
    };

    private static bool IsNoWay(SocketError error) => error is SocketError.HostUnreachable or SocketError.HostDown or SocketError.NetworkUnreachable
        or SocketError.NetworkDown or SocketError.TimedOut or SocketError.AddressNotAvailable or SocketError.HostNotFound or SocketError.TryAgain
        or SocketError.NoData or SocketError.AccessDenied or SocketError.TooManyOpenSockets or SocketError.AddressFamilyNotSupported;

    private static EcsReply Of(string code, Fault fault, string message) => new() { Code = code, Message = message, Fault = fault };
}
