using Ungroup.Ledger;
using Ungroup.Ledger.Memory;

namespace Ungroup.Tests.Jobs;

public sealed class MemoryJobStoreTests : JobStoreContract
{
    private ILedgerStore? _store;

    private protected override ILedgerStore StoreOf(LedgerOwner owner) => _store ??= new MemoryLedgerStore(Clock);
}
