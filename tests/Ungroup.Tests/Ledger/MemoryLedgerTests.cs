using Ungroup.Ledger;

namespace Ungroup.Tests.Ledger;

public sealed class MemoryLedgerTests : LedgerContract
{
    private ILedgerStore? _store;

    protected override ILedgerStore StoreOf(LedgerOwner owner) => _store ??= new MemoryLedgerStore(Clock);
}
