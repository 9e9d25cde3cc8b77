using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Ungroup.Ecs;
using Ungroup.Ecs.Credentials;
using Ungroup.Ecs.Wire;

namespace Ungroup.Tests.Ecs.Wire;

/// <summary>
/// One attempt is one request on the wire, however its connection ends: a second one with the same nonce, which nobody asked for and
/// nobody wrote down, would find what the first has done.
/// </summary>
public sealed class OneRequestPerAttemptTests
{
    private const string Body = "{\"RequestId\":\"R\"}";

    /// <summary>Comes back before the connection ends.</summary>
    public static TheoryData<string> Beginnings => new(
        "",
        "HT",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{\"Req",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n" + Body + "\r\n",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 20",
        "ICY 200 OK\r\n\r\n",
        "\0\0\0\0",
        "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

    [Theory]
    [MemberData(nameof(Beginnings))]
    public Task A_connection_that_is_closed_is_not_tried_again(string beginning) => IsOneRequest(beginning, Ending.Closed);

    [Theory]
    [MemberData(nameof(Beginnings))]
    public Task A_connection_that_is_reset_is_not_tried_again(string beginning) => IsOneRequest(beginning, Ending.Reset);

    [Theory]
    [InlineData("HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    public Task A_reply_that_asks_for_another_request_gets_none(string reply) => IsOneRequest(reply, Ending.Kept);

    [Fact]
    public async Task A_connection_that_is_closed_after_each_reply_costs_no_second_request()
    {
        using var server = new RawServer { Writes = "HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n" + Body, Ends = Ending.Closed };
        using var handler = EcsTransport.CreateHandler();
        using var client = Client(server, handler);

        for (var call = 0; call < 4; call++)
        {
            await client.SendAsync(EcsCall.Leave(Removals.Request), CancellationToken.None);
        }

        // A call that goes out on a connection that is being closed in that moment may be lost, and is not sent again.
        Assert.InRange(server.Requests.Count, 1, 4);
        Assert.Distinct(server.Requests.Select(NonceOf));
    }

    [Fact]
    public async Task An_attempt_has_no_body_and_says_so()
    {
        using var server = new RawServer { Writes = "", Ends = Ending.Closed };
        using var handler = EcsTransport.CreateHandler();
        using var client = Client(server, handler);

        await client.SendAsync(EcsCall.Leave(Removals.Request), CancellationToken.None);

        var request = Assert.Single(server.Requests);
        Assert.Contains("Content-Length: 0\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("content-type", request, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task IsOneRequest(string writes, Ending ends)
    {
        using var server = new RawServer { Writes = writes, Ends = ends };
        using var handler = EcsTransport.CreateHandler();
        using var client = Client(server, handler);
        Assert.Null((await client.SendAsync(EcsCall.Leave(Removals.Request), CancellationToken.None)).Fault);

        // On the connection of the first.
        var reply = await client.SendAsync(EcsCall.Leave(Removals.Request), CancellationToken.None);

        Assert.Equal((Fault.Unknown, true, true), (reply.Fault, reply.WasSent, reply.IsOutage));
        Assert.Equal(2, server.Requests.Count);
    }

    private static string NonceOf(string request) =>
        request.Split("\r\n").Single(line => line.StartsWith("x-acs-signature-nonce:", StringComparison.OrdinalIgnoreCase));

    private static EcsClient Client(RawServer server, HttpMessageHandler handler)
    {
        var accounts = new AccountsOptions();
        accounts.Accounts["default"] = new() { Credentials = CredentialsSource.Static, AccessKeyId = "key", AccessKeySecret = "secret", Endpoint = server.Url };
        var options = Options.Create(new EcsOptions());
        return new(handler, ConfiguredAccounts.Of(accounts, options.Value, _ => null), options, TimeProvider.System, NullLogger<EcsClient>.Instance);
    }
}
