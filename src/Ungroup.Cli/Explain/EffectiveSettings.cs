using Microsoft.Extensions.Configuration;
using Ungroup.Cli.Worker;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Quotas;

namespace Ungroup.Cli.Explain;

/// <summary>The settings a worker would start with, bound and not validated: also what is wrong with them should show.</summary>
internal sealed record EffectiveSettings(
    WorkerOptions Worker, IReadOnlyDictionary<string, AccountOptions> Accounts, EcsOptions Ecs, GuardrailOptions Guardrails, LedgerOptions Ledger,
    PaceOptions Pace)
{
    /// <exception cref="BadSettingsException">A value cannot be read as what it should be.</exception>
    public static EffectiveSettings Of(IConfiguration configuration)
    {
        try
        {
            return new(
                configuration.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new(),
                configuration.GetSection("Accounts").Get<Dictionary<string, AccountOptions>>() ?? [],
                configuration.GetSection(EcsOptions.Section).Get<EcsOptions>() ?? new(),
                configuration.GetSection(GuardrailOptions.Section).Get<GuardrailOptions>() ?? new(),
                configuration.GetSection(LedgerOptions.Section).Get<LedgerOptions>() ?? new(),
                configuration.GetSection(PaceOptions.Section).Get<PaceOptions>() ?? new());
        }
        catch (InvalidOperationException unreadable)
        {
            throw new BadSettingsException([unreadable.Message]);
        }
    }
}
