using Ungroup.Ledger;
using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>Reads the status of a request from the ledger.</summary>
public sealed class StatusReader
{
    private readonly RemovalLedger _ledger;
    private readonly KnownAccounts _accounts;

    internal StatusReader(RemovalLedger ledger, KnownAccounts accounts) => (_ledger, _accounts) = (ledger, accounts);

    /// <summary>Reads the status of one request.</summary>
    /// <param name="requestId">Its key, as its sender gave it.</param>
    /// <param name="account">Its account; null or empty for the default one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LedgerUnavailableException">The ledger does not answer.</exception>
    public async Task<StatusReading> ReadAsync(string? requestId, string? account, CancellationToken cancellationToken)
    {
        account = string.IsNullOrEmpty(account) ? KnownAccounts.DefaultName : account;
        if (requestId is not { Length: > 0 and <= 128 } || requestId.AsSpan().ContainsAnyExcept(Characters.OfRequestIds))
        {
            return new StatusReading.Invalid(new("requestId", $"`requestId` was {Shown.Quoted(requestId ?? "")}; expected 1–128 of A-Z a-z 0-9 . _ : / -."));
        }

        if (!_accounts.Contains(account))
        {
            return new StatusReading.Invalid(new("account", $"`account` was {Shown.Quoted(account)}, which is not configured (Accounts:<name>)."));
        }

        return await _ledger.ReadAsync(new(account, requestId), cancellationToken) is { } stored
            ? new StatusReading.Known(RemovalStatus.Of(stored))
            : new StatusReading.Unknown(
                $"The ledger knows no request {requestId} of account {account}: nobody has taken it up yet, it was rejected, "
                    + "or it ended too long ago.");
    }
}

/// <summary>The answer to a question for a request's status.</summary>
public abstract record StatusReading
{
    private StatusReading()
    {
    }

    /// <summary>The ledger has the request.</summary>
    public sealed record Known : StatusReading
    {
        internal Known(RemovalStatus status) => Status = status;

        internal RemovalStatus Status { get; }

        /// <summary>The status as JSON.</summary>
        public string ToJson() => Status.ToJson();
    }

    /// <summary>The ledger has no such request.</summary>
    /// <param name="Sentence">Says so, and why that may be.</param>
    public sealed record Unknown(string Sentence) : StatusReading;

    /// <summary>The question names no key or no account.</summary>
    /// <param name="Problem">Which.</param>
    public sealed record Invalid(RequestProblem Problem) : StatusReading;
}
