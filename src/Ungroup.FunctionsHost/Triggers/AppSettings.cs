using System.Text.RegularExpressions;

namespace Ungroup.FunctionsHost.Triggers;

internal sealed partial class AppSettings(IReadOnlyDictionary<string, string> settings)
{
    /// <summary>Replaces each %Name% by the setting of that name.</summary>
    public string Resolve(string text) => Reference().Replace(text, reference =>
        Find(reference.Groups["name"].Value) ?? throw new FunctionsHostException($"{text} refers to a setting that the app does not have."));

    public string Connection(Trigger trigger)
    {
        var name = trigger.Text("connection") is { Length: > 0 } given ? given : "AzureWebJobsServiceBus";
        return Find(name) ?? Find($"AzureWebJobs{name}")
            ?? throw new FunctionsHostException(
                $"{trigger.Function} receives from the connection {name}, and the app has no such setting; expected a connection string. "
                + "Only the Functions host signs in with an identity.");
    }

    private string? Find(string name) => settings.GetValueOrDefault(name) ?? settings.GetValueOrDefault(name.Replace(":", "__", StringComparison.Ordinal));

    [GeneratedRegex("%(?<name>[^%]+)%", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
