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
                using var body = await EcsTransport.ReadAsync(response.Content, timeout.Token);
                return new((int)response.StatusCode, body.Memory.ToArray(), response.Headers.Date ?? clock.GetUtcNow(), EcsReplyReader.RetryAfterOf(response));
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

/// <param name="Status">0 where nothing came.</param>
/// <param name="Body">Never printed: it may hold a token or a secret.</param>
/// <param name="Now">The other end's time, where it says so.</param>
/// <param name="RetryAfter">Its wish, where it has one.</param>
internal sealed record HttpAnswer(int Status, ReadOnlyMemory<byte> Body, DateTimeOffset Now, TimeSpan? RetryAfter)
{
    /// <summary>Why nothing came.</summary>
    public EcsReply? Silence { get; private init; }

    public static HttpAnswer Of(EcsReply silence) => new(0, default, default, null) { Silence = silence };
}
