using Azure;

namespace Ungroup.Ledger.Table;

/// <summary>
/// Calls the table with a few quick tries. The client's own tries are off: it does not tell that a write was tried before, which
/// decides what a conflict means.
/// </summary>
internal sealed class TableCalls(TablePlace place, TimeProvider clock, Func<double> chance)
{
    private const int MostTries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <param name="call">Is given the number of its try: before any but the first, a write may have been made.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RequestFailedException">Another writer was first (<see cref="TableFault.IsConflict"/>), and nothing else.</exception>
    public async Task<T> RunAsync<T>(Func<int, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call(tries);
            }
            catch (Exception error) when (TableFault.IsTransient(error, cancellationToken))
            {
                if (tries == MostTries)
                {
                    throw place.Away(error, tries);
                }
            }
            catch (RequestFailedException error) when (!TableFault.IsConflict(error))
            {
                throw place.Refused(error);
            }

            await Task.Delay(Pause(tries), clock, cancellationToken);
        }
    }

    /// <summary>Returns false where the row was not as it was read, and nothing was written.</summary>
    public async Task<bool> TryAsync<T>(Func<Task<T>> write, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(_ => write(), cancellationToken);
            return true;
        }
        catch (RequestFailedException error) when (TableFault.IsOvertaken(error))
        {
            return false;
        }
    }

    // About 0.2 s, then 0.8 s.
    private TimeSpan Pause(int tries) => FirstPause * (1 << (2 * (tries - 1))) * (0.5 + chance());
}
