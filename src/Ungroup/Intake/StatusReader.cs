using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Reads the status of a request from the ledger.</summary>
public sealed class StatusReader(RemovalLedger ledger, KnownAccounts accounts)
{
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<StatusReading> ReadAsync(string? requestId, string? account, CancellationToken cancellationToken)
    {
        account = string.IsNullOrEmpty(account) ? KnownAccounts.DefaultName : account;
        if (requestId is not { Length: > 0 and <= 128 } || requestId.AsSpan().ContainsAnyExcept(Characters.OfRequestIds))
        {
            return new StatusReading.Invalid(new("requestId", $"`requestId` was {Shown.Quoted(requestId ?? "")}; expected 1–128 of A-Z a-z 0-9 . _ : / -."));
        }

        if (!accounts.Contains(account))
        {
            return new StatusReading.Invalid(new("account", $"`account` was {Shown.Quoted(account)}, which is not configured (Accounts:<name>)."));
        }

        return await ledger.ReadAsync(new(account, requestId), cancellationToken) is { } stored
            ? new StatusReading.Known(RemovalStatus.Of(stored))
            : new StatusReading.Unknown(
                $"The ledger knows no request {requestId} of account {account}: nobody has taken it up yet, it was rejected, "
                    + "or it ended too long ago.");
    }
}

public abstract record StatusReading
{
    private StatusReading()
    {
    }

    public sealed record Known(RemovalStatus Status) : StatusReading;

    public sealed record Unknown(string Sentence) : StatusReading;

    public sealed record Invalid(RequestProblem Problem) : StatusReading;
}
