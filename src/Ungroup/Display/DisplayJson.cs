using System.Globalization;
using System.Text;

namespace Ungroup.Display;

/// <summary>Escapes in JSON what would do something to a terminal; a reader of JSON sees no difference.</summary>
internal static class DisplayJson
{
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
