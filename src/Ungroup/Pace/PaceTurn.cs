namespace Ungroup.Pace;

/// <summary>One call's turn. What is not said of it by the end is taken as it is safest: a call that was sent has used the quota.</summary>
internal sealed class PaceTurn(Governor governor, TimeProvider clock)
{
    private DateTimeOffset? _sentAt;
    private bool _isAnswered;
    private bool _isOver;

    public void Sending() => _sentAt = clock.GetUtcNow();

    /// <summary>ECS has read the call. Without this nothing is learned from it: the reply of a quota's probe may be lost like any other.</summary>
    public void Answered() => _isAnswered = true;

    public PaceRefusal Refused(TimeSpan? hint)
    {
        _isOver = true;
        governor.CountRefused();
        var now = clock.GetUtcNow();
        return governor.Refused(_sentAt ?? now, hint, now);
    }

    /// <summary>When what the refusal has closed is used again.</summary>
    public void OpensAt(DateTimeOffset gateOpens) => governor.OpensAt(gateOpens);

    public void End()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        if (_sentAt is { } sentAt)
        {
            governor.Passed(sentAt, _isAnswered, clock.GetUtcNow());
        }
        else
        {
            governor.Left();
        }
    }
}
