using System.Globalization;
using System.Text;

namespace Ungroup.Display;

/// <summary>JSON that may be printed: what would do something to a terminal is escaped, and means the same to whoever reads it as JSON.</summary>
internal static class DisplayJson
{
    /// <summary>The same JSON, written on one line as ours always is.</summary>
    public static byte[] Escape(byte[] json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return Ascii.IsValid(json) && !json.AsSpan().Contains((byte)0x7f) ? json : Encoding.UTF8.GetBytes(Escape(Encoding.UTF8.GetString(json)));
    }

    public static string Escape(string json)
    {
        var escaped = new StringBuilder(json.Length);
        foreach (var rune in json.EnumerateRunes())
        {
            if (DisplayText.IsPlain(rune))
            {
                escaped.Append(rune.ToString());
                continue;
            }

            foreach (var unit in rune.ToString())
            {
                escaped.Append("\\u").Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
            }
        }

        return escaped.ToString();
    }
}
