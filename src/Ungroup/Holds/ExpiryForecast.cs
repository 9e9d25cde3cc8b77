using Ungroup.Ledger;

namespace Ungroup.Holds;

/// <summary>How many requests would run out of time under a hold.</summary>
/// <param name="Count">Those of the ledger that it covers and whose deadline comes before its end; what is still on a queue alone is not among them.</param>
/// <param name="By">Its end; of a hold without one, a day from now.</param>
/// <param name="IsAll">Whether all that may be meant were looked at.</param>
internal sealed record ExpiryForecast(int Count, DateTimeOffset By, bool IsAll)
{
    private const int MostLookedAt = 1_000;
    private const int PageSize = 250;

    private static readonly TimeSpan WithoutEnd = TimeSpan.FromDays(1);

    /// <summary>Looks at the open requests in the order of their deadlines.</summary>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public static async Task<ExpiryForecast> OfAsync(Hold hold, ILedgerStore store, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hold);
        var by = (hold.Until ?? hold.Since + WithoutEnd).AddTicks(1);
        var (count, looked) = (0, 0);
        StoredRecord? behind = null;
        while (looked < MostLookedAt)
        {
            var page = await store.ReadDueAsync(Due.Ending, by, behind, PageSize, cancellationToken);
            count += page.Count(open => open.Record.Request is { } request && hold.Covers(HoldSubject.Of(request, request.Origin)));
            looked += page.Count;
            if (page.Count < PageSize)
            {
                return new(count, by.AddTicks(-1), IsAll: true);
            }

            behind = page[^1];
        }

        return new(count, by.AddTicks(-1), IsAll: false);
    }
}
