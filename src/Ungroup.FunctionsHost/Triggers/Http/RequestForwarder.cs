using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ungroup.FunctionsHost.Triggers.Http;

/// <summary>Forwards a request to a worker process's HTTP server, and its answer back, unchanged.</summary>
internal sealed class RequestForwarder : IDisposable
{
    private const string InvocationId = "x-ms-invocation-id";

    private static readonly HashSet<string> OfTheConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Expect", "Host", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", InvocationId,
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false });

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
        // The raw target: an escaped slash has to arrive as one.
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
