using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Requests;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>
/// Begins a line when the one with the same key before it in the file has ended. The Functions host would give them to the app at once,
/// and each run would have another first.
/// </summary>
internal sealed class TwinOrder
{
    // A line that waits takes one of the host's places, and one that was put off needs a place to end.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _clock;
    private readonly Dictionary<string, Task> _before = [];
    private readonly Dictionary<string, TaskCompletionSource> _ended = [];

    public TwinOrder(IEnumerable<RequestLine> lines, TimeProvider clock)
    {
        _clock = clock;
        var reader = new RequestReader(KnownAccounts.Unchecked);
        foreach (var twins in lines.GroupBy(line => KeyOf(reader, line)).Where(twins => twins.Skip(1).Any()))
        {
            Task before = Task.CompletedTask;
            foreach (var line in twins)
            {
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _before[line.MessageId] = before;
                _ended[line.MessageId] = ended;
                before = ended.Task;
            }
        }
    }

    public async Task TurnOfAsync(string messageId) =>
        await _before.GetValueOrDefault(messageId, Task.CompletedTask).WaitAsync(Patience, _clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    public void HasEnded(string messageId) => _ended.GetValueOrDefault(messageId)?.TrySetResult();

    private static (string, string) KeyOf(RequestReader reader, RequestLine line) => line.Job is { } job ? (job.Account, $"job:{job.JobId}")
        : reader.Read(new() { MessageId = line.MessageId, Body = line.Body, EnqueuedAt = RequestLine.Whenever }) is ParsedRequest.Accepted { Request: var request }
            ? (request.Account, request.RequestId)
            : ("", line.MessageId);
}
