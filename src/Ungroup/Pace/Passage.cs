namespace Ungroup.Pace;

/// <summary>A pass through each gate that stands before one call. Tell how the call went, then dispose.</summary>
/// <param name="account">Closed while the account can call nothing.</param>
/// <param name="permission">Closed while the account may not call this API.</param>
/// <param name="outage">Closed while ECS does not answer the account in this region.</param>
/// <param name="quota">Closed while the quota of this API in this account and region is used up.</param>
/// <param name="turn">Its turn within the quota.</param>
/// <param name="gates">Where it is told.</param>
internal sealed class Passage(GatePass account, GatePass permission, GatePass outage, GatePass quota, PaceTurn turn, Gates gates) : IDisposable
{
    // One denial may be about one group only; a second one in a row, by whatever request, is about the account.
    private const int DenialsThatCount = 2;

    /// <summary>The call is on its way from now on.</summary>
    public void Sending() => turn.Sending();

    /// <summary>ECS answered, and none of the gates was in the way.</summary>
    public void Succeeded()
    {
        turn.Answered();
        gates.Opened([account, permission, outage, quota]);
    }

    /// <summary>The quota is used up. That the account may call, and that ECS answers, is known all the same.</summary>
    /// <param name="hint">When to come back, as ECS says.</param>
    /// <param name="spread">By how much later this instance does so than others.</param>
    /// <param name="reason">What an operator reads.</param>
    public (GateState Closed, bool ByOthers) Throttled(TimeSpan? hint, TimeSpan spread, string reason)
    {
        gates.Opened([account, outage]);
        var refusal = turn.Refused(hint);
        var closed = quota.Close(_ => refusal.Until + spread, reason)!;
        turn.OpensAt(closed.Until);
        gates.Refused(closed, refusal);
        return (closed, refusal.ByOthers);
    }

    /// <summary>An operator must act before any call of this account can work.</summary>
    public GateState Denied(Func<int, DateTimeOffset> until, string reason)
    {
        gates.Opened([outage]);
        return gates.Closed(account.Close(until, reason)!);
    }

    /// <summary>An operator must act before there is anything to sign with. Of ECS itself nothing is learned.</summary>
    public GateState NotSigned(Func<int, DateTimeOffset> until, string reason) => gates.Closed(account.Close(until, reason)!);

    /// <summary>The account may not make this call; whether that holds for others of its kind, a second one tells.</summary>
    public void NotPermitted(Func<int, DateTimeOffset> until, string reason)
    {
        gates.Opened([account, outage]);
        Tell(permission.Close(until, reason, DenialsThatCount));
    }

    /// <summary>ECS did not answer, or said that it is broken.</summary>
    public void Unanswered(Func<int, DateTimeOffset> until, string reason, int afterNoes) => Tell(outage.Close(until, reason, afterNoes));

    public void Dispose()
    {
        account.Leave();
        permission.Leave();
        outage.Leave();
        quota.Leave();
        turn.End();
    }

    private void Tell(GateState? closed)
    {
        if (closed is not null)
        {
            gates.Closed(closed);
        }
    }
}
