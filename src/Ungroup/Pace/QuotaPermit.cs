namespace Ungroup.Pace;

/// <summary>Leave of a quota to make one call. Tell how the call went, then dispose.</summary>
internal sealed class QuotaPermit(QuotaRegistry registry, QuotaClosure quota) : IDisposable
{
    private PaceTurn? _turn;

    internal PaceTurn Turn
    {
        set => _turn = value;
    }

    /// <summary>The call is on its way from now on.</summary>
    public void Sending() => _turn!.Sending();

    /// <summary>ECS has read the call, and the quota was not in the way.</summary>
    public void Passed()
    {
        _turn!.Answered();
        registry.Passed(this, quota);
    }

    /// <summary>The quota is used up.</summary>
    /// <param name="hint">When to come back, as ECS says.</param>
    /// <param name="spread">By how much later this instance does so than others.</param>
    /// <param name="reason">What an operator reads.</param>
    public (QuotaWait Closed, bool ByOthers) Throttled(TimeSpan? hint, TimeSpan spread, string reason)
    {
        var refusal = _turn!.Refused(hint);
        var closed = quota.Close(this, refusal.Until + spread, reason);
        _turn.OpensAt(closed.Until);
        registry.Refused(closed, refusal);
        return (closed, refusal.ByOthers);
    }

    public void Dispose()
    {
        quota.Leave(this);
        _turn?.End();
    }
}
