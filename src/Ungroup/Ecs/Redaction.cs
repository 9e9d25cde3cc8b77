using System.Text.RegularExpressions;
using Ungroup.Display;

namespace Ungroup.Ecs;

internal static partial class Redaction
{
    private const int Longest = 300;

    private const int MostRead = 4000;

    public static string? OneLine(string? text, int longest = Longest)
    {
        text = DisplayText.Cut(text ?? "", MostRead);
        var plain = DisplayText.IsClean(text, MostRead)
            ? text
            : string.Concat(text.EnumerateRunes().Select(rune => DisplayText.IsPlain(rune) ? rune.ToString() : " "));
        var line = Token().Replace(plain.Trim(), "***");
        return line.Length == 0 ? null : DisplayText.Cut(line, longest);
    }

    // A JSON Web Token, whole or cut off: its header always begins with {".
    [GeneratedRegex("eyJ[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
