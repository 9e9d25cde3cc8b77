using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Functions;

/// <summary>The sentences behind a start that failed, for whoever reads the log: a stack would hide them.</summary>
internal static class BadSettings
{
    /// <summary>Empty where it was something else.</summary>
    public static IReadOnlyList<string> In(Exception error) => error switch
    {
        OptionsValidationException bad => [.. bad.Failures],
        LedgerUnavailableException away => [away.Message],

        // One for each section that is wrong, and for each that looks at such a section.
        AggregateException all => [.. all.InnerExceptions.SelectMany(In).Distinct(StringComparer.Ordinal)],
        _ => [],
    };
}
