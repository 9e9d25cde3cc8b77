using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ungroup.FunctionsHost.Triggers.Http;

/// <summary>Sends a request on to the HTTP server of a worker process, and its answer back, as they are.</summary>
internal sealed class RequestForwarder : IDisposable
{
    private const string InvocationId = "x-ms-invocation-id";

    // They are about one connection, and there are two.
    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", InvocationId,
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

    /// <exception cref="HttpRequestException">The worker did not answer.</exception>
    public async Task ForwardAsync(HttpContext http, Uri worker, string invocationId)
    {
        using var request = Request(http, worker);
        request.Headers.TryAddWithoutValidation(InvocationId, invocationId);
        using var response = await _client.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).Where(header => !OfTheConnection.Contains(header.Key)))
        {
            http.Response.Headers[name] = values.ToArray();
        }

        await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    public void Dispose() => _client.Dispose();

    private static HttpRequestMessage Request(HttpContext http, Uri worker)
    {
        // Not by way of a path that was taken apart and decoded: an escaped slash has to arrive as one.
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var address = new Uri($"{worker.GetLeftPart(UriPartial.Authority)}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(new(http.Request.Method), address);
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == true)
        {
            request.Content = new StreamContent(http.Request.Body);
        }

        foreach (var (name, values) in http.Request.Headers.Where(header => !OfTheConnection.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }
}
