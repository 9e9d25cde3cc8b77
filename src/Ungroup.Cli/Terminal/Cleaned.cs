using System.Text.RegularExpressions;
using Ungroup.Display;

namespace Ungroup.Cli.Terminal;

/// <summary>Text from outside for Spectre.Console: clean, short, and taken for no markup and no emoji.</summary>
internal static partial class Cleaned
{
    public static string Markup(string? text, int longest = DisplayText.LongestSentence) =>
#pragma warning disable RS0030 // The one place that may.
        Emoji().Replace(Spectre.Console.Markup.Escape(DisplayText.Of(text, longest)), ":[default][/]");
#pragma warning restore RS0030

    // acs:ram::1 has none.
    [GeneratedRegex(@":(?=\w+:)", RegexOptions.None, 1_000)]
    private static partial Regex Emoji();
}
