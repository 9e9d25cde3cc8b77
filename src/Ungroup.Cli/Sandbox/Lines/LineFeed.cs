using Azure.Messaging.ServiceBus;
using Ungroup.Requests;
using Ungroup.ServiceBus;

namespace Ungroup.Cli.Sandbox.Lines;

/// <summary>
/// Sends the lines of a run. One whose key a line before it has follows when that one is done with: side by side, whichever is put off for
/// longer would be told what the other did, and no two runs would report the same.
/// </summary>
internal sealed class LineFeed(ServiceBusSender sender, IEnumerable<RequestLine> lines)
{
    private readonly IReadOnlyList<RequestLine[]> _chains = ChainsOf(lines);

    /// <summary>The number of lines that follow another.</summary>
    public int Followers => _chains.Sum(chain => chain.Length - 1);

    /// <summary>Sends the lines that follow none, in the order of the file, and returns how many the bus has taken.</summary>
    public Task<int> SendFirstAsync(CancellationToken stop) => SendAsync(_chains.Select(chain => chain[0]), stop);

    /// <summary>Sends each of the others in its turn, and ends with the last, or when it is told to stop.</summary>
    public Task SendFollowersAsync(Func<RequestLine, Task> done, CancellationToken stop) =>
        Task.WhenAll(_chains.Where(chain => chain.Length > 1).Select(chain => FollowAsync(chain, done, stop)));

    private async Task FollowAsync(RequestLine[] chain, Func<RequestLine, Task> done, CancellationToken stop)
    {
        foreach (var (before, line) in chain.Zip(chain.Skip(1)))
        {
            await done(before).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            await SendAsync([line], stop);
        }
    }

    private Task<int> SendAsync(IEnumerable<RequestLine> some, CancellationToken stop) =>
        RequestFeed.SendAsync(sender, some.Select(line => (line.MessageId, line.Body)), stop);

    private static List<RequestLine[]> ChainsOf(IEnumerable<RequestLine> lines)
    {
        var reader = new RequestReader(KnownAccounts.Unchecked);
        return [.. lines.GroupBy(line => KeyOf(reader, line)).Select(chain => chain.ToArray())];
    }

    private static (string, string) KeyOf(RequestReader reader, RequestLine line) => line.Job is { } job ? (job.Account, $"job:{job.JobId}")
        : reader.Read(new() { MessageId = line.MessageId, Body = line.Body, EnqueuedAt = RequestLine.Whenever }) is ParsedRequest.Accepted { Request: var request }
            ? (request.Account, request.RequestId)
            : ("", line.MessageId);
}
