using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ungroup.Display;

namespace Ungroup.Ecs;

/// <summary>What others say to us, made fit for a log and an event: one short line, and no token in it.</summary>
internal static partial class Redaction
{
    private const int Longest = 300;

    // Enough that what is redacted still leaves a sentence.
    private const int MostRead = 4000;

    /// <summary>Null where nothing was said.</summary>
    public static string? OneLine(string? text, int longest = Longest)
    {
        var plain = new StringBuilder();
        foreach (var rune in DisplayText.Cut(text ?? "", MostRead).EnumerateRunes())
        {
            // Half a surrogate pair has become U+FFFD; what moves a cursor or the direction of the text becomes a blank.
            plain.Append(IsPlain(rune) ? rune.ToString() : " ");
        }

        var line = Token().Replace(plain.ToString().Trim(), "***");
        return line.Length == 0 ? null : DisplayText.Cut(line, longest);
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    // A JSON Web Token, whole or cut off: its header begins with {" in every case.
    [GeneratedRegex("eyJ[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
