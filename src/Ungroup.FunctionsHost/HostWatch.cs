using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;

namespace Ungroup.FunctionsHost;

/// <summary>Callbacks for those who want to know what the host does. Called from many threads.</summary>
public sealed class HostWatch
{
    /// <summary>A worker process is about to be started.</summary>
    public Action Starting { get; init; } = () => { };

    /// <summary>A function is about to be given this message.</summary>
    public Action<ServiceBusReceivedMessage> Began { get; init; } = _ => { };

    /// <summary>The broker has taken the function's word about this message.</summary>
    public Action<ServiceBusReceivedMessage, MessageVerdict> Settled { get; init; } = (_, _) => { };

    /// <summary>A log line of the app that host.json lets through, or a line that its process wrote.</summary>
    public Action<AppLogLine> Logged { get; init; } = _ => { };

    /// <summary>Something about the host itself that a person should know, in a sentence.</summary>
    public Action<string> Told { get; init; } = _ => { };
}

/// <summary>The end that a function wanted for a message.</summary>
public enum MessageVerdict
{
    Completed,
    Abandoned,
    DeadLettered,
    Deferred,
}

/// <param name="Level">How bad it is.</param>
/// <param name="Category">The logger's name.</param>
/// <param name="Message">The line, and the exception's message behind it.</param>
/// <param name="InvocationId">The invocation it was written in; null outside of any, where the Functions host in Azure shows nothing.</param>
public sealed record AppLogLine(LogLevel Level, string Category, string Message, string? InvocationId);
