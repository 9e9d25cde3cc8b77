using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ungroup.Display;

/// <summary>
/// Cleans and caps text for a terminal, a log or an event. A sender, ECS or a settings file may write text that moves a cursor, forges a
/// line, runs from right to left or never ends; the result is one line that ends and says what it left out.
/// </summary>
public static class DisplayText
{
    /// <summary>The longest value, in characters, unless its place has room for more.</summary>
    public const int Longest = 256;

    /// <summary>The longest sentence that is put into another.</summary>
    public const int LongestSentence = 4_096;

    private static readonly SearchValues<char> Harmless = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);

    /// <summary>The text with what nobody should see raw written as <c>\u{1b}</c>, and an ellipsis where it was cut.</summary>
    public static string Of(string? text, int longest = Longest)
    {
        if (text is null || IsClean(text, longest))
        {
            return text ?? "";
        }

        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var next = IsPlain(rune) ? rune.ToString() : $"\\u{{{rune.Value.ToString("x", CultureInfo.InvariantCulture)}}}";
            if (shown.Length + next.Length > longest)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(next);
        }

        return shown.ToString();
    }

    internal static string Cut(string text, int longest) => text.Length <= longest
        ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[longest - 2]) ? longest - 2 : longest - 1), "…");

    internal static bool IsClean(string text, int longest = Longest)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= longest && (!text.AsSpan().ContainsAnyExcept(Harmless) || IsAllPlain(text));
    }

    /// <summary>A sentence of ours around values from outside, each of which is cleaned.</summary>
    internal static string Line(DisplayLine line) => line.ToString();

    internal static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsAllPlain(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune) || !IsPlain(rune))
            {
                return false;
            }

            at += rune.Utf16SequenceLength;
        }

        return true;
    }
}
