using System.Collections.Concurrent;
using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Ungroup.Ledger;
using Ungroup.Ledger.Table;

namespace Ungroup.EndToEnd.Tests.Azurite;

/// <summary>A request's fates on its way to the storage account and back.</summary>
public enum Mishap
{
    None,
    Unavailable,
    Throttled,
    Reset,
    TimeOut,

    // Until the client has waited long enough.
    Silence,

    // The service has done what was asked, and its reply says otherwise, or nothing.
    ErrorAfterEffect,
    ResetAfterEffect,
    TimeOutAfterEffect,
    GarbageAfterEffect,
}

/// <summary>The way to the storage account: notes every request, and loses those the test says.</summary>
internal sealed class StorageNetwork() : DelegatingHandler(new SocketsHttpHandler())
{
    private readonly ConcurrentQueue<(string Request, string Body)> _seen = new();

    /// <summary>Method, path and query, decoded; and the body.</summary>
    public IReadOnlyList<(string Request, string Body)> Seen => [.. _seen];

    /// <summary>The fate of a request, by its method. A transaction is a POST.</summary>
    public Func<string, Mishap> Happens { get; set; } = _ => Mishap.None;

    /// <summary>Changes what the service says.</summary>
    public Action<HttpResponseMessage> Answering { get; set; } = _ => { };

    /// <summary>How long a try may take. A slow machine is not a mishap, unless the test is about time.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public void Forget() => _seen.Clear();

    public TableLedgerStore Open(LedgerOptions ledger)
    {
        // The handler is the test's, which may open more stores on it.
        var client = new TableClientOptions { Transport = new HttpClientTransport(new HttpClient(this, disposeHandler: false)) };
        client.Retry.NetworkTimeout = Patience;
        return TableOpening.Open(ledger, () => throw new NotSupportedException(), client, TimeProvider.System, () => 0);
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        _seen.Enqueue(($"{request.Method} {Uri.UnescapeDataString(request.RequestUri!.PathAndQuery)}", body));
        var mishap = Happens(request.Method.Method);
        if (mishap is Mishap.None or >= Mishap.ErrorAfterEffect)
        {
            var answer = await base.SendAsync(request, cancellationToken);
            Answering(answer);
            if (mishap == Mishap.None)
            {
                return answer;
            }

            await answer.Content.LoadIntoBufferAsync(cancellationToken);
            answer.Dispose();
        }

        return mishap switch
        {
            Mishap.Unavailable => new(HttpStatusCode.ServiceUnavailable),
            Mishap.Throttled => new(HttpStatusCode.TooManyRequests),
            Mishap.ErrorAfterEffect => new(HttpStatusCode.InternalServerError),
            Mishap.GarbageAfterEffect => new(HttpStatusCode.BadGateway) { Content = new StringContent("<html>") },
            Mishap.Reset or Mishap.ResetAfterEffect => throw new HttpRequestException("Connection reset by peer"),
            Mishap.Silence => await NothingAsync(cancellationToken),

            // As the client's own time-out looks, without the wait.
            _ => throw new TaskCanceledException("The operation was cancelled because it exceeded the configured timeout."),
        };
    }

    private static async Task<HttpResponseMessage> NothingAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        throw new System.Diagnostics.UnreachableException();
    }
}
