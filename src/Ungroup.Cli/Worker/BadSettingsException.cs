using Microsoft.Extensions.Hosting;
using Ungroup.Settings;

namespace Ungroup.Cli.Worker;

#pragma warning disable CA1032 // Without sentences it would say nothing.
internal sealed class BadSettingsException(IReadOnlyList<string> sentences) : Exception(string.Join(' ', sentences))
#pragma warning restore CA1032
{
    public IReadOnlyList<string> Sentences { get; } = sentences;

    /// <summary>Validates every section at once and opens the ledger, before anything is started.</summary>
    public static IHost Check(IHost host)
    {
        try
        {
            host.Services.CheckUngroup();
            return host;
        }
        catch (Exception exception) when (SettingSentences.In(exception) is { Count: > 0 } sentences)
        {
            host.Dispose();
            throw new BadSettingsException(sentences);
        }
    }
}
