using Ungroup.Requests;

namespace Ungroup.Cli.Sandbox.Functions;

/// <summary>
/// Begins lines with the same key one after the other, in the order of the file, as the worker does. The Functions host would give them
/// to the app at once, and each run would have another first.
/// </summary>
internal sealed class TwinOrder
{
    private readonly Dictionary<string, Task> _before = [];
    private readonly Dictionary<string, TaskCompletionSource> _hasRun = [];

    public TwinOrder(IEnumerable<RequestLine> lines)
    {
        var reader = new RequestReader(KnownAccounts.Unchecked);
        foreach (var twins in lines.GroupBy(line => KeyOf(reader, line)).Where(twins => twins.Skip(1).Any()))
        {
            Task before = Task.CompletedTask;
            foreach (var line in twins)
            {
                var hasRun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _before[line.MessageId] = before;
                _hasRun[line.MessageId] = hasRun;
                before = hasRun.Task;
            }
        }
    }

    public Task TurnOf(string messageId) => _before.GetValueOrDefault(messageId, Task.CompletedTask);

    public void HasRun(string messageId) => _hasRun.GetValueOrDefault(messageId)?.TrySetResult();

    private static (string, string) KeyOf(RequestReader reader, RequestLine line) =>
        reader.Read(new() { MessageId = line.MessageId, Body = line.Body, EnqueuedAt = DateTimeOffset.UnixEpoch }) is ParsedRequest.Accepted { Request: var request }
            ? (request.Account, request.RequestId)
            : ("", line.MessageId);
}
