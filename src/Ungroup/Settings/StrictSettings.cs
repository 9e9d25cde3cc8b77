using Microsoft.Extensions.Configuration;
using Ungroup.Ecs;
using Ungroup.Guardrails;
using Ungroup.Ledger;
using Ungroup.Quotas;
using Ungroup.Settings.Reading;

namespace Ungroup.Settings;

/// <summary>Settings read as strictly as requests: a slip in one must not leave a group unprotected.</summary>
public sealed class StrictSettings
{
    private StrictSettings(IConfiguration source, SettingsReader read)
    {
        Source = source;
        Values = new ConfigurationBuilder().AddInMemoryCollection(read.Values).Build();
        Problems = [.. read.Problems.Distinct(StringComparer.Ordinal)];
    }

    internal static IReadOnlyList<SettingSection> CoreSections { get; } =
    [
        SettingSection.ByName<AccountOptions>("Accounts"),
        SettingSection.Of<EcsOptions>(EcsOptions.Section),
        SettingSection.Of<GuardrailOptions>(GuardrailOptions.Section),
        SettingSection.Of<LedgerOptions>(LedgerOptions.Section),
        SettingSection.Of<PaceOptions>(PaceOptions.Section),
        SettingSection.Of<RequestOptions>(RequestOptions.Section),
    ];

    /// <summary>The host's configuration.</summary>
    public IConfiguration Source { get; }

    /// <summary>The settings that were understood, to bind options from.</summary>
    public IConfiguration Values { get; }

    /// <summary>A sentence for each setting that was not understood.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Reads the sections of the core and the host; what is wrong with them is in <see cref="Problems"/>.</summary>
    /// <param name="configuration">The host's configuration.</param>
    /// <param name="surroundings">The parts of it that are the host's own, or another's.</param>
    public static StrictSettings Read(IConfiguration configuration, SettingSurroundings surroundings)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(surroundings);
        var reader = new SettingsReader(configuration);
        IReadOnlyList<SettingSection> sections = [.. CoreSections, .. surroundings.Sections];
        foreach (var section in sections)
        {
            reader.Read(section);
        }

        surroundings.Check(configuration, reader, sections);
        return new(configuration, reader);
    }
}
