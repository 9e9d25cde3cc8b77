using System.Globalization;
using System.Text.RegularExpressions;

namespace Ungroup.Requests;

/// <summary>
/// Takes out of a text what looks like a secret. What a sender wrote by mistake is read by more people in an event, a log
/// or a dead letter than the queue ever had; so too much is taken out rather than too little.
/// </summary>
internal static partial class Secrets
{
    public const string Mark = "[redacted]";

    // Searching is bounded, whatever a sender sends.
    private const int LongestText = 4096;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>The beginning of the text without its secrets; without its last word, too, where the text goes on after it.</summary>
    /// <param name="goesOn">The text is itself the beginning of a longer one.</param>
    public static string Redact(string text, bool goesOn = false)
    {
        goesOn |= text.Length > LongestText;
        text = Unescaped(text.Length > LongestText ? text[..LongestText] : text);

        // Half a token may no longer look like one.
        text = goesOn ? LastWord().Replace(text, "") : text;
        return Unnamed().Replace(NamedValues.Replace(text), Mark);
    }

    // A letter written as \u0070 and a slash written as \/ hide a name or cut a key in two.
    private static string Unescaped(string text) => Escape().Replace(text, escape => escape.Groups["code"].Value is { Length: > 0 } code
        && (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var character
        ? character is '"' or '\\' || char.IsControl(character) ? escape.Value : character.ToString()
        : "/");

    [GeneratedRegex(@"\\+(u00(?<code>[2-7][0-9a-f])|/)", Linear | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[^\s""'<>{}\[\],;&]*\z", Linear)]
    private static partial Regex LastWord();

    // In this order: PEM; Authorization headers and SAS tokens; the user part of an address; JSON Web Tokens; Alibaba Cloud's
    // key ids and security tokens, and its key secrets, which have 30 characters; and any long run that says nothing.
    [GeneratedRegex(
        """
        -----BEGIN[\s\S]*?(-----END[^-]*-----|\z)
        |\b(Bearer|Basic|Digest|SharedAccessSignature|acs|ACS3-HMAC-SHA256)[ \t+]+[^\s"'<>]+
        |://[^\s"'<>]*@
        |\beyJ[A-Za-z0-9_=-]{6,}(\.[A-Za-z0-9_=-]*){0,2}
        |\b(LTAI|STS\.|AKIA|ASIA)[A-Za-z0-9+/=_-]{6,}
        |\b[A-Za-z0-9]{30}\b
        |[A-Za-z0-9+/=_-]{40,}
        """,
        Linear | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Unnamed();
}
