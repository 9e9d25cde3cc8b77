using Microsoft.Extensions.Time.Testing;
using Ungroup.Ledger;
using Ungroup.Tests.Support;

namespace Ungroup.Tests.Ledger;

/// <summary>A kind of store as contracts need it: every owner has one of its own over the same data, as processes would, and time passes.</summary>
public abstract class Stores : IAsyncDisposable
{
    private readonly FakeTimeProvider _clock = new(Some.Now);

    /// <summary>Our clock, and the store's unless it has one of its own.</summary>
    public virtual TimeProvider Clock => _clock;

    /// <summary>Short where time cannot be made to pass.</summary>
    public virtual TimeSpan Lease => TimeSpan.FromMinutes(2);

    public virtual Task PassAsync(TimeSpan time)
    {
        _clock.Advance(time);
        return Task.CompletedTask;
    }

    public virtual Task PrepareAsync() => Task.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    internal abstract ILedgerStore Open(LedgerOwner owner);
}

/// <summary>Tests that every store has to pass; a class for each kind of store runs them.</summary>
public abstract class StoreContract(Stores stores) : IAsyncLifetime
{
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected TimeProvider Clock => stores.Clock;

    protected TimeSpan Lease => stores.Lease;

    public async ValueTask InitializeAsync() => await stores.PrepareAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return stores.DisposeAsync();
    }

    protected Task PassAsync(TimeSpan time) => stores.PassAsync(time);

    private protected ILedgerStore StoreOf(LedgerOwner owner) => stores.Open(owner);
}
