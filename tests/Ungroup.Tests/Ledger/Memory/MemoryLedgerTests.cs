using Ungroup.Ledger;
using Ungroup.Ledger.Memory;

namespace Ungroup.Tests.Ledger.Memory;

public sealed class MemoryLedgerTests : LedgerContract
{
    private ILedgerStore? _store;

    private protected override ILedgerStore StoreOf(LedgerOwner owner) => _store ??= new MemoryLedgerStore(Clock);
}
