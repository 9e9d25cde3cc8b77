using System.Text;
using System.Text.Unicode;
using Ungroup.Display;

namespace Ungroup.Requests;

/// <summary>The beginning of a body that is not a request, on one line and without secrets, so that its sender can be found.</summary>
internal static class Excerpt
{
    public const int Longest = 512;

    // Service Bus keeps this much of a dead letter's description.
    private const int LongestDescription = 4096;

    private const int LongestPrefix = 4096;

    // Enough to know a compressed or a UTF-16 body by, too little to give one away.
    private const int FirstBytes = 8;

    public static string? Of(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return null;
        }

        var prefix = WholeCharacters(body[..Math.Min(body.Length, LongestPrefix)]);
        if (!Utf8.IsValid(prefix) || prefix.Contains((byte)0))
        {
            return $"{body.Length:N0} bytes that are not UTF-8 text, beginning {Convert.ToHexStringLower(body[..Math.Min(body.Length, FirstBytes)])}";
        }

        // Redacted before it is cut: half a secret may no longer look like one.
        var text = Secrets.Redact(Encoding.UTF8.GetString(prefix), goesOn: prefix.Length < body.Length);
        var size = $" (of {body.Length:N0} bytes)";
        var shown = Shown.OneLine(text, Longest - size.Length - 1);
        return prefix.Length < body.Length || shown.EndsWith('…') ? shown.TrimEnd('…') + "…" + size : shown;
    }

    public static string Beside(string sentence, string? excerpt)
    {
        var shown = excerpt is null ? "" : $" The body: {excerpt}";
        return DisplayText.Cut(sentence, LongestDescription - shown.Length) + shown;
    }

    // The cut may have split a character.
    private static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < LongestPrefix)
        {
            return prefix;
        }

        var last = prefix.Length - 1;
        while (last > prefix.Length - 4 && (prefix[last] & 0xC0) == 0x80)
        {
            last--;
        }

        return prefix[last] < 0x80 ? prefix : prefix[..last];
    }
}
