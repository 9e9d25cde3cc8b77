using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Ungroup.Ledger;

namespace Ungroup.Cli.Worker;

/// <summary>Settings that cannot be used, one sentence each.</summary>
#pragma warning disable CA1032 // Without sentences it would say nothing.
internal sealed partial class BadSettingsException(IReadOnlyList<string> sentences) : Exception(string.Join(' ', sentences))
#pragma warning restore CA1032
{
    public IReadOnlyList<string> Sentences { get; } = sentences;

    /// <summary>Validates every section at once and opens the ledger, before anything is started.</summary>
    public static IHost Check(IHost host)
    {
        try
        {
            host.Services.GetService<IStartupValidator>()?.Validate();
            _ = host.Services.GetRequiredService<RemovalHandler>();
            return host;
        }
        catch (Exception exception) when (Sentence(exception) is { } sentences)
        {
            host.Dispose();
            throw new BadSettingsException([.. sentences.Distinct()]);
        }
    }

    private static List<string>? Sentence(Exception exception) => exception switch
    {
        LedgerUnavailableException away => [away.Message],
        OptionsValidationException invalid => [.. invalid.Failures.Select(Readable)],
        AggregateException several when several.InnerExceptions.Select(Sentence).ToList() is var all && all.TrueForAll(one => one is not null)
            => [.. all.SelectMany(one => one!)],

        // What the binder throws for a value of the wrong type; its message names value and key.
        InvalidOperationException { InnerException: not null } unreadable => [unreadable.Message],
        _ => null,
    };

    // The validator's own sentences name the property and the type of a setting, not the setting.
    private static string Readable(string failure) => Field().Replace(failure, "${section}:${name} ");

    [GeneratedRegex(@"^(?<name>\w+): The (field )?(?<section>\w+)Options\.\w+ (field )?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Field();
}
