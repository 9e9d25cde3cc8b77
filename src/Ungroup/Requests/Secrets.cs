using System.Globalization;
using System.Text.RegularExpressions;

namespace Ungroup.Requests;

/// <summary>
/// Takes out of a text what looks like a secret: an event, a log or a dead letter has more readers than the queue. It rather takes
/// too much than too little.
/// </summary>
internal static partial class Secrets
{
    public const string Mark = "[redacted]";

    private const int LongestText = 4096;

    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <param name="goesOn">The text is itself the beginning of a longer one, so that its last word may be half a secret.</param>
    public static string Redact(string text, bool goesOn = false)
    {
        goesOn |= text.Length > LongestText;
        text = Unescaped(text.Length > LongestText ? text[..LongestText] : text);

        text = goesOn ? LastWord().Replace(text, "") : text;
        return Unnamed().Replace(NamedValues.Replace(text), Mark);
    }

    // \u0070 for a letter hides a name, and \/ cuts a key in two.
    private static string Unescaped(string text) => Escape().Replace(text, escape => escape.Groups["code"].Value is { Length: > 0 } code
        && (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var character
        ? character is '"' or '\\' || char.IsControl(character) ? escape.Value : character.ToString()
        : "/");

    [GeneratedRegex(@"\\+(u00(?<code>[2-7][0-9a-f])|/)", Linear | RegexOptions.ExplicitCapture)]
    private static partial Regex Escape();

    [GeneratedRegex(@"[^\s""'<>{}\[\],;&]*\z", Linear)]
    private static partial Regex LastWord();

    // PEM; Authorization headers and SAS tokens; user info of a URL; JSON Web Tokens; Alibaba Cloud's key ids and security tokens;
    // its key secrets of 30 characters; any other long run.
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
