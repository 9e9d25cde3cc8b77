using Ungroup.Ledger;
using Ungroup.Ledger.Memory;
using Ungroup.Tests.Jobs;

namespace Ungroup.Tests.Ledger.Memory;

/// <summary>One store for all owners: there is no other process.</summary>
public sealed class MemoryStores : Stores
{
    private MemoryLedgerStore? _store;

    internal override ILedgerStore Open(LedgerOwner owner) => _store ??= new(Clock);
}

public sealed class MemoryLedgerTests() : LedgerContract(new MemoryStores());

public sealed class MemoryRowsTests() : RowStoreContract(new MemoryStores());

public sealed class MemoryJobStoreTests() : JobStoreContract(new MemoryStores());
