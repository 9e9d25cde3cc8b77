using System.Runtime.InteropServices;
using Ungroup.Ledger;

namespace Ungroup.Outcomes;

/// <summary>Goes through due records page by page. Records that cannot be dealt with hold up no others: the work goes on behind them.</summary>
internal sealed class DueRounds(RemovalLedger ledger, Due due, TimeSpan since)
{
    // After a whole page in vain the bus or ECS is most likely away, and single records find out.
    private const int MostInVain = 20;

    private StoredRecord? _upTo;

    public int PageSize { get; init; } = 100;

    /// <summary>Returns how many records were dealt with.</summary>
    public async Task<int> RunAsync(
        Func<IReadOnlyList<StoredRecord>, CancellationToken, Task<PageResult>> workAsync,
        Func<CancellationToken, Task<bool>> mayGoOnAsync,
        CancellationToken cancellationToken)
    {
        var (total, inVain, upTo) = (0, 0, _upTo);
        var isFromTheFront = upTo is null;
        _upTo = null;
        do
        {
            var size = inVain == 0 ? PageSize : 1;
            var page = await ledger.ReadDueAsync(due, since, upTo, size, cancellationToken);
            if (page.Count > 0)
            {
                var result = await workAsync(page, cancellationToken);
                total += result.Done;
                inVain = result.IsInVain ? inVain + 1 : 0;
                upTo = page[^1];
            }

            if (inVain > MostInVain)
            {
                _upTo = upTo;
                return total;
            }

            if (page.Count < size)
            {
                if (isFromTheFront)
                {
                    return total;
                }

                (isFromTheFront, upTo) = (true, null);
            }
        }
        while (await mayGoOnAsync(cancellationToken));

        return total;
    }
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageResult(int Done, bool IsInVain);
