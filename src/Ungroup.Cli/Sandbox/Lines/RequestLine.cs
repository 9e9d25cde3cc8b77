using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ungroup.Jobs;
using Ungroup.Json;

namespace Ungroup.Cli.Sandbox.Lines;

/// <summary>One line of a requests file: a message body, taken as it is, and the id its message gets, the same at every run.</summary>
internal sealed record RequestLine(int Number, ReadOnlyMemory<byte> Body, string Prefix = "line")
{
    /// <summary>A time for whoever reads a line as the worker would: no instant in it is too far ahead of that.</summary>
    public static readonly DateTimeOffset Whenever = DateTimeOffset.MaxValue.AddYears(-1);

    public string MessageId { get; } = $"{Prefix}-{Number}-{Convert.ToHexStringLower(SHA256.HashData(Body.Span))[..12]}";

    /// <summary>The job that the line is; null where it is none.</summary>
    public JobKey? Job { get; } = JobLine.KeyOf(Body);

    /// <summary>Lines end in LF or CR LF; an empty one is one too, and the last line's end begins no other.</summary>
    public static IEnumerable<RequestLine> Split(ReadOnlyMemory<byte> file, string prefix = "line")
    {
        for (var number = 1; !file.IsEmpty; number++)
        {
            var end = file.Span.IndexOf((byte)'\n');
            var line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            yield return new(number, line.Span is [.., (byte)'\r'] ? line[..^1] : line, prefix);
        }
    }

    /// <summary>The line's request for people to recognise it by; never a reason to judge it.</summary>
    public (string Request, string What) Glimpse()
    {
        try
        {
            using var json = JsonDocument.Parse(Body);
            return (json.RootElement.Text("requestId") ?? json.RootElement.Text("jobId") ?? MessageId, WhatIsAsked(json.RootElement));
        }
        catch (JsonException)
        {
            return (MessageId, Encoding.UTF8.GetString(Body.Span[..Math.Min(Body.Length, 40)]));
        }
    }

    private static string WhatIsAsked(JsonElement request)
    {
        var resource = request.Find("resources") is { ValueKind: JsonValueKind.Array } listed ? $"{listed.GetArrayLength()} resources"
            : request.Find("select") is { ValueKind: JsonValueKind.Object } select ? $"some of {select.Text("memberOf") ?? "?"}"
            : request.Text("instanceId") ?? request.Text("networkInterfaceId") ?? "?";
        return request.Text("action") switch
        {
            "contain" => $"contain {resource}{(request.Text("isolationGroupId") is { } group ? $" in {group}" : "")}",
            "restore" => $"undo {request.Text("of") ?? "?"}",
            _ => $"{resource} from {request.Text("securityGroupId") ?? "?"}",
        };
    }
}
