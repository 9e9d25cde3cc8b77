using System.Text.RegularExpressions;

namespace Ungroup.Ecs;

/// <summary>What others say to us, made fit for a log and an event: one short line, and no token in it.</summary>
internal static partial class Redaction
{
    private const int Longest = 300;

    // Enough that what is redacted still leaves a sentence.
    private const int MostRead = 4000;

    /// <summary>Null where nothing was said.</summary>
    public static string? OneLine(string? text)
    {
        text = new string([.. (text ?? "").Take(MostRead).Select(character => char.IsControl(character) ? ' ' : character)]).Trim();
        text = Token().Replace(text, "***");
        return text.Length switch
        {
            0 => null,
            > Longest => text[..Longest] + "…",
            _ => text,
        };
    }

    // A JSON Web Token, whole or cut off: its header begins with {" in every case.
    [GeneratedRegex("eyJ[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]*)*", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
