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

    /// <summary>There was a reply, but ECS did not write it: empty, too long, or somebody else's page.</summary>
    public const string Unreadable = "NoReply.Unreadable";

    public static EcsReply TimedOut(TimeSpan after) => Of(Timeout, Fault.Unknown, $"No reply within {after.TotalSeconds:0} s.");

    public static EcsReply Of(Exception problem) => problem switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            Of(Dns, Fault.Transient, "The host name is not known."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            Of(Tls, Fault.Unknown, "There was no secure connection."),
        HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
            Of(Refused, Fault.Transient, "The connection was refused."),
        OperationCanceledException => Of(Connect, Fault.Transient, "No connection was made in time."),
        _ => Of(Reset, Fault.Unknown, "The connection broke before the reply was complete."),
    };

    private static EcsReply Of(string code, Fault fault, string message) => new() { Code = code, Message = message, Fault = fault };
}
