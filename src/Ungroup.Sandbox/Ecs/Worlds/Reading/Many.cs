using System.Globalization;
using System.Text.RegularExpressions;

namespace Ungroup.Sandbox.Ecs.Worlds.Reading;

/// <summary>
/// An entry with <c>"many": 5000</c> stands for so many: in each of its texts <c>{0001}</c> is the number of the first, one more for each that
/// follows, with as many digits at least.
/// </summary>
internal static partial class Many
{
    private const string Member = "many";
    private const int Most = 50_000;

    /// <summary>The entry itself, or all that it stands for.</summary>
    public static IEnumerable<ObjectAt> Of(ObjectAt json, string idMember)
    {
        if (json.OptionalNumber(Member, least: 1) is not { } count)
        {
            return [json];
        }

        var id = json.Text(idMember);
        return count > Most ? throw json.Refuse($"`{Member}` of {json.What} was {count}; expected 1 to {Most}.", Member)
            : !Number().IsMatch(id) ? throw json.Refuse($"`{idMember}` of {json.What} was `{id}`; with `{Member}` it has the number of the first in braces, such as {id}-{{0001}}.", idMember)
            : Enumerable.Range(0, count).Select(at => Numbered(json, at));
    }

    private static ObjectAt Numbered(ObjectAt json, int at)
    {
        var one = json.WithTexts(text => text.Contains('{') ? Number().Replace(text, match => After(match.Groups["first"].Value, at)) : text);
        one.OptionalNumber(Member, least: 1);
        return one;
    }

    private static string After(string first, int at) =>
        (int.Parse(first, CultureInfo.InvariantCulture) + at).ToString(CultureInfo.InvariantCulture).PadLeft(first.Length, '0');

    [GeneratedRegex(@"\{(?<first>[0-9]{1,9})\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();
}
