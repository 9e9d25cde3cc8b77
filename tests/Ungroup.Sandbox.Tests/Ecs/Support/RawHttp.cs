using System.Net.Sockets;
using System.Text;

namespace Ungroup.Sandbox.Tests.Ecs.Support;

/// <summary>Sends a request byte by byte as given: no client in between that would encode the target its own way.</summary>
internal static class RawHttp
{
    public static async Task<Answer> SendAsync(Uri address, string method, string target, IEnumerable<(string Name, string Value)> headers, string body = "")
    {
        var ct = TestContext.Current.CancellationToken;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port, ct);
        var head = new StringBuilder($"{method} {target} HTTP/1.1\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        head.Append($"Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
        await using var stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes(head.ToString()), ct);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(await reader.ReadToEndAsync(ct));
    }

    private static Answer Parse(string response)
    {
        var parts = response.Split("\r\n\r\n", 2);
        var lines = parts[0].Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0].ToLowerInvariant(), pair => pair[1]);
        return new Answer(int.Parse(lines[0].Split(' ')[1]), parts[1], headers.GetValueOrDefault("content-type"), headers);
    }
}
