using Ungroup.Ledger;
using Ungroup.Ledger.Memory;

namespace Ungroup.Tests.Ledger.Memory;

public sealed class MemoryRowsTests : RowStoreContract
{
    private readonly MemoryRows _rows = new(TimeProvider.System);

    private protected override IRowStore RowsOf(LedgerOwner owner) => _rows;
}
