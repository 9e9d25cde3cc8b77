using Microsoft.Extensions.Logging;

namespace Ungroup.Ledger;

/// <summary>
/// Marks records as published, many at once and off the path of the message. A mark that a crash loses is made by the sweep, which
/// sends the event again under the same id.
/// </summary>
internal sealed partial class PublishedMarks(ILedgerStore store, TimeProvider clock, ILogger<PublishedMarks> logger) : IAsyncDisposable
{
    private static readonly TimeSpan Gathering = TimeSpan.FromSeconds(1);

    private readonly Lock _sync = new();
    private readonly CancellationTokenSource _ending = new();
    private List<StoredRecord> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;

    public void Add(StoredRecord decided)
    {
        lock (_sync)
        {
            _waiting.Add(decided);
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = WriteAsync();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _writing;
        _ending.Dispose();
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            await Task.Delay(Gathering, clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (TakeAll() is not { } batch)
            {
                return;
            }

            try
            {
                await store.MarkPublishedAsync(batch, CancellationToken.None);
            }
            catch (LedgerUnavailableException error)
            {
                Log.NotMarked(logger, batch.Count, error);
            }
        }
    }

    private List<StoredRecord>? TakeAll()
    {
        lock (_sync)
        {
            if (_waiting.Count == 0)
            {
                _isWriting = false;
                return null;
            }

            var batch = _waiting;
            _waiting = [];
            return batch;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Warning, "{Count} outcomes were published, but the ledger could not note it; they will be sent again.")]
        public static partial void NotMarked(ILogger logger, int count, Exception error);
    }
}
