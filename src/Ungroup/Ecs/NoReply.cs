using System.Net.Sockets;

namespace Ungroup.Ecs;

/// <summary>The ways not to hear from ECS. A call may have had its effect unless its connection was never made.</summary>
internal static class NoReply
{
    public const string Timeout = "NoReply.Timeout";
    public const string Reset = "NoReply.Reset";
    public const string Tls = "NoReply.Tls";
    public const string Refused = "NoReply.Refused";
    public const string Dns = "NoReply.Dns";
    public const string Connect = "NoReply.Connect";

    public static bool Is(string? code) => code?.StartsWith("NoReply.", StringComparison.Ordinal) == true;

    public const string Unreadable = "NoReply.Unreadable";

    public static EcsReply TimedOut(TimeSpan after) => Of(Timeout, Fault.Unknown, $"No reply within {after.TotalSeconds:0} s.");

    /// <summary>Nothing got further than to the connection, so no attempt was made. Behind a failed handshake a proxy may have made it.</summary>
    public static bool NeverLeft(string? code) => code is Dns or Refused or Connect;

    public static EcsReply Of(Exception problem) => problem switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            Of(Dns, Fault.Transient, "The host name is not known."),

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
