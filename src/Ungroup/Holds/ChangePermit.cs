namespace Ungroup.Holds;

/// <summary>One request's change out of the hour's allowance, for one delivery: taken before its first call, and given back where it has changed nothing.</summary>
/// <param name="allowances">Where from.</param>
/// <param name="account">The request's.</param>
/// <param name="isCounted">Whether the request counts at all.</param>
internal sealed class ChangePermit(HourAllowances allowances, string account, bool isCounted)
{
    private AllowanceBlock? _block;
    private bool _isSpent;

    /// <summary>Null where it is taken, or need not be; otherwise the hold to wait under.</summary>
    public async ValueTask<Hold?> TakeAsync(string group, CancellationToken cancellationToken)
    {
        if (!isCounted || _block is not null)
        {
            return null;
        }

        (_block, var hold) = await allowances.TakeAsync(account, group, cancellationToken);
        return hold;
    }

    /// <summary>A call has ended, or was not made.</summary>
    /// <param name="mayHaveChanged">Whether it has changed the resource, or may have.</param>
    public void Settle(bool mayHaveChanged)
    {
        _isSpent |= mayHaveChanged;
        if (!_isSpent && _block is { } block)
        {
            block.GiveBack();
            _block = null;
        }
    }
}
