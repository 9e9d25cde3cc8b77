using Microsoft.Extensions.Configuration;
using Ungroup.Cli.Worker;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Quotas;

namespace Ungroup.Cli.Explain;

internal sealed record EffectiveSettings(
    WorkerOptions Worker, IReadOnlyDictionary<string, AccountOptions> Accounts, EcsOptions Ecs, GuardrailOptions Guardrails, LedgerOptions Ledger,
    PaceOptions Pace, RequestOptions Requests)
{
    public static EffectiveSettings Of(IConfiguration configuration)
    {
        var settings = WorkerSettings.Strict(configuration);
        if (settings.Problems.Count > 0)
        {
            throw new BadSettingsException(settings.Problems);
        }

        var values = settings.Values;
        return new(
            values.GetSection(WorkerOptions.Section).Get<WorkerOptions>() ?? new(),
            values.GetSection("Accounts").Get<Dictionary<string, AccountOptions>>() ?? [],
            values.GetSection(EcsOptions.Section).Get<EcsOptions>() ?? new(),
            values.GetSection(GuardrailOptions.Section).Get<GuardrailOptions>() ?? new(),
            values.GetSection(LedgerOptions.Section).Get<LedgerOptions>() ?? new(),
            values.GetSection(PaceOptions.Section).Get<PaceOptions>() ?? new(),
            values.GetSection(RequestOptions.Section).Get<RequestOptions>() ?? new());
    }
}
