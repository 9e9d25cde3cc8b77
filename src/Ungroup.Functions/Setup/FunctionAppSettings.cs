using Ungroup.Settings;
using Ungroup.Settings.Reading;

namespace Ungroup.Functions.Setup;

/// <summary>The app's settings beside the sections of the core. It shares its environment with the Functions host and the platform.</summary>
internal static class FunctionAppSettings
{
    public static SettingSurroundings Surroundings { get; } = new()
    {
        Sections = [SettingSection.Of<OutcomesOptions>("Outcomes")],
        Texts = [ServiceBusSetup.Connection],
        Elsewhere = new Dictionary<string, string>
        {
            ["Worker"] = "is a setting of the self-hosted worker, which the function app never reads; take it out. How many messages are worked on at once is in host.json.",
            ["UNGROUP"] = "has the prefix of the self-hosted worker's variables; in the function app take UNGROUP__ off its name.",
        },
    };

    internal sealed class OutcomesOptions
    {
        /// <summary>The topic or queue that outcome events go to. Default: outcomes.</summary>
        public string? Topic { get; set; }
    }
}
