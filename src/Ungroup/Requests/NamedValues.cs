using System.Text;
using System.Text.RegularExpressions;

namespace Ungroup.Requests;

/// <summary>Values whose name says that they are secret: <c>"password": "…"</c>, <c>SharedAccessKey=…</c>, <c>&lt;token&gt;…</c>.</summary>
internal static partial class NamedValues
{
    private static readonly char[] AfterBareValue = ['"', '\'', ',', ';', '&', '<', '}', ']', '\r', '\n'];

    public static string Replace(string text)
    {
        var shown = new StringBuilder();
        var at = 0;
        for (var name = Name().Match(text); name.Success; name = Name().Match(text, at))
        {
            var value = name.Index + name.Length;
            var end = EndOf(text, value);
            shown.Append(text, at, value - at).Append(end > value ? Secrets.Mark : "");
            at = end;
        }

        return shown.Append(text, at, text.Length - at).ToString();
    }

    private static int EndOf(string text, int value)
    {
        var quote = value;
        while (quote < text.Length && text[quote] == '\\')
        {
            quote++;
        }

        return quote == text.Length ? text.Length : text[quote] switch
        {
            '"' or '\'' => EndOfQuoted(text, quote, depth: quote - value),

            // Secret as a whole: where it ends is not worth being wrong about.
            '{' or '[' => text.Length,
            _ => text.IndexOfAny(AfterBareValue, quote) is >= 0 and var end ? end : text.Length,
        };
    }

    private static int EndOfQuoted(string text, int quote, int depth)
    {
        var slashes = 0;
        for (var at = quote + 1; at < text.Length; at++)
        {
            if (text[at] == text[quote] && (slashes <= depth && (depth > 0 || slashes == 0)))
            {
                return at + 1;
            }

            slashes = text[at] == '\\' ? slashes + 1 : 0;
        }

        return text.Length;
    }

    // A telling name, then a separator or the `"value":` of a list of names and values.
    [GeneratedRegex(
        """
        (pass|pwd|secret|token|key|auth|signature|\bsig\b|credential|sas|connection[_ -]?string|cookie|base64|密码|密钥|口令|令牌)
        [\w.\ -]*\\*["']?(\s|\\+[nrt])*
        ([:=>：＝]+|%3[ad]|,\s*\\*["']value\\*["']\s*:)(\s|\\+[nrt])*
        """,
        RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
            | RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
