using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Ungroup.Cli.Worker;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Quotas;
using Ungroup.Settings;

namespace Ungroup.Cli.Explain;

internal sealed record EffectiveSettings(
    WorkerOptions Worker, IReadOnlyDictionary<string, AccountOptions> Accounts, EcsOptions Ecs, GuardrailOptions Guardrails, LedgerOptions Ledger,
    PaceOptions Pace, RequestOptions Requests, IReadOnlyList<string> GuardrailNames)
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
            values.GetSection(RequestOptions.Section).Get<RequestOptions>() ?? new(),
            [.. GuardrailsOf(settings)]);
    }

    /// <summary>In the order in which they are asked.</summary>
    private static IEnumerable<string> GuardrailsOf(StrictSettings settings) => new ServiceCollection()
        .AddUngroup(settings)
        .Where(service => service.ServiceType == typeof(IGuardrail))
        .Select(service => service.ImplementationType!.Name);
}
