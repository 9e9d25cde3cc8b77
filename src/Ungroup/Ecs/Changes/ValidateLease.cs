using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Ecs.Changes;

/// <summary>A lease that ends while the call is still on its way would let a second owner call too.</summary>
internal sealed class ValidateLease(IOptions<EcsOptions> ecs) : IValidateOptions<LedgerOptions>
{
    private static readonly TimeSpan ForWritesAndReads = TimeSpan.FromSeconds(30);

    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        var least = ecs.Value.LeaveTimeout + ForWritesAndReads;
        return options.Lease >= least
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"Ledger:Lease was {options.Lease}; expected at least {least}, the time-out of one call (Ecs:LeaveTimeout) and 30 seconds for what is written before it and read behind it.");
    }
}
