using System.Text;
using System.Text.RegularExpressions;
using Ungroup.Display;

namespace Ungroup.Ecs;

internal static partial class Redaction
{
    private const int Longest = 300;

    private const int MostRead = 4000;

    public static string? OneLine(string? text, int longest = Longest)
    {
        var plain = new StringBuilder();
        foreach (var rune in DisplayText.Cut(text ?? "", MostRead).EnumerateRunes())
        {
            plain.Append(DisplayText.IsPlain(rune) ? rune.ToString() : " ");
        }

        var line = Token().Replace(plain.ToString().Trim(), "***");
        return line.Length == 0 ? null : DisplayText.Cut(line, longest);
    }

    // A JSON Web Token, whole or cut off: its header always begins with {".
    [GeneratedRegex("eyJ[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
