using Spectre.Console;
using Ungroup.Display;

namespace Ungroup.Cli.Terminal;

/// <summary>Text from outside for Spectre.Console: clean, short, and taken for no markup and no emoji.</summary>
internal static class Cleaned
{
#pragma warning disable RS0030 // The one place that may.
    public static string Markup(string? text, int longest = DisplayText.LongestSentence) => Spectre.Console.Markup.Escape(DisplayText.Of(text, longest));
#pragma warning restore RS0030

    /// <summary>Markup as it is drawn. Spectre's own would draw an animal for the middle of acs:ram::1.</summary>
    public static Paragraph Drawn(string markup)
    {
        var paragraph = new Paragraph();
        foreach (var part in AnsiMarkup.Parse(markup))
        {
            paragraph.Append(part.Text, part.Style, part.Link);
        }

        return paragraph;
    }
}
