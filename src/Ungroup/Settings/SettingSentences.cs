using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Settings;

/// <summary>The sentences behind a start that failed because of its settings, for both hosts.</summary>
public static partial class SettingSentences
{
    /// <summary>One for each problem, each once; empty where the error is something else.</summary>
    public static IReadOnlyList<string> In(Exception error) => error switch
    {
        OptionsValidationException bad => [.. bad.Failures.Select(Readable).Distinct(StringComparer.Ordinal)],
        LedgerUnavailableException away => [away.Message],

        AggregateException all when all.InnerExceptions.Select(In).ToList() is var each && each.TrueForAll(one => one.Count > 0)
            => [.. each.SelectMany(one => one).Distinct(StringComparer.Ordinal)],
        _ => [],
    };

    // The generated validators name the property and the type of a setting, not the setting.
    private static string Readable(string failure) => Field().Replace(failure, "${section}:${name} ");

    [GeneratedRegex(@"^(?<name>\w+): The (field )?(?<section>\w+)Options\.\w+ (field )?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field();
}
