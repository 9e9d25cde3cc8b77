using Ungroup.Ecs.Wire;

namespace Ungroup.Ecs.Credentials.Sts;

/// <summary>Requests to issuers of tokens or credentials. It never throws because they or the network misbehave.</summary>
internal sealed class CredentialsHttp(HttpMessageInvoker http, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<HttpAnswer> SendAsync(HttpRequestMessage request)
    {
        using var timeout = new CancellationTokenSource(Patience, clock);
        try
        {
            using (request)
            {
                using var response = await http.SendAsync(request, timeout.Token);
                var body = await EcsTransport.ReadAsync(response.Content, timeout.Token);
                return new((int)response.StatusCode, body, response.Headers.Date ?? clock.GetUtcNow(), EcsReplyReader.RetryAfterOf(response));
            }
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return HttpAnswer.Of(NoReply.TimedOut(Patience));
        }
        catch (Exception problem) when (problem is HttpRequestException or IOException or InvalidDataException or OperationCanceledException)
        {
            // A cancellation is also how .NET says that no connection was made in time.
            return HttpAnswer.Of(NoReply.Of(problem));
        }
    }
}

/// <summary>Its body is never printed: it may hold a token or a secret. Its status is 0 where nothing came, and its time the other end's.</summary>
internal sealed record HttpAnswer(int Status, ReadOnlyMemory<byte> Body, DateTimeOffset Now, TimeSpan? RetryAfter)
{
    public EcsReply? Silence { get; private init; }

    public static HttpAnswer Of(EcsReply silence) => new(0, default, default, null) { Silence = silence };
}
