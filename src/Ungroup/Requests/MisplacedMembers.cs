using System.Globalization;
using System.Text.Json;
using Ungroup.Json;

namespace Ungroup.Requests;

/// <summary>
/// Refuses members that came beside the body, as a property, a header or a query. Nothing there is read, and a sender who wrote
/// <c>dryRun</c> there must not find the removal done.
/// </summary>
internal static class MisplacedMembers
{
    private const string DryRun = "dryRun";

    private static readonly string[] OfEvents = ["cloudEvents:", "cloudEvents_", "ce-", "ce_"];

    private static readonly string[] OfOtherActions = ["action", .. RequestMembers.BelongsTo.Where(one => !one.Value.Contains(RequestAction.Remove)).Select(one => one.Key)];

    private static readonly Dictionary<string, string> Meant = RequestMembers.Names.ToDictionary(Plain);

    public static void Check(
        IReadOnlyDictionary<string, object?> properties, Dictionary<string, JsonElement> members, RequestDoor door, List<RequestProblem> problems)
    {
        foreach (var (name, value) in properties)
        {
            var prefix = Array.Find(OfEvents, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            if (MemberMeantBy(name[(prefix?.Length ?? 0)..]) is { } member
                && MayHaveBeenMeant(member, value, hasAction: members.ContainsKey("action") || door == RequestDoor.Restores)
                && !(prefix is null && members.TryGetValue(member, out var inBody) && SaysTheSame(value, inBody)))
            {
                problems.Add(BesideTheBody(name, member, "request"));
            }
        }
    }

    /// <summary>The same for members that only another contract has.</summary>
    public static void Check(
        IReadOnlyDictionary<string, object?> properties, Dictionary<string, JsonElement> members, IEnumerable<string> names, string what, List<RequestProblem> problems)
    {
        foreach (var (name, value) in properties)
        {
            var prefix = Array.Find(OfEvents, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
            if (names.FirstOrDefault(member => Plain(member) == Plain(name[(prefix?.Length ?? 0)..])) is { } member
                && !(prefix is null && members.TryGetValue(member, out var inBody) && SaysTheSame(value, inBody)))
            {
                problems.Add(BesideTheBody(name, member, what));
            }
        }
    }

    public static string? MemberMeantBy(string name)
    {
        var plain = Plain(name);
        return Meant.TryGetValue(plain, out var member) ? member
            : plain.Contains(Plain(DryRun), StringComparison.Ordinal) || IsOneSlipAwayFrom(Plain(DryRun), plain) ? DryRun
            : null;
    }

    // Beside a removal, a property named `of` or `force` is its sender's own; one that says `contain` was meant.
    public static bool MayHaveBeenMeant(string member, object? value, bool hasAction) =>
        !OfOtherActions.Contains(member) || hasAction
        || (member == "action" && Convert.ToString(value, CultureInfo.InvariantCulture)?.ToLowerInvariant() is "contain" or "restore");

    private static RequestProblem BesideTheBody(string name, string member, string what) =>
        new(member, $"`{Shown.Text(name)}` stood beside the body, where nothing of a {what} is read; expected `{member}` in the body, as a member of the {what}.");

    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    // One deletion on each side makes them equal: a letter too many, too few, replaced or swapped.
    private static bool IsOneSlipAwayFrom(string word, string name) =>
        Math.Abs(word.Length - name.Length) <= 1 && Shortened(word).Intersect(Shortened(name), StringComparer.Ordinal).Any();

    private static IEnumerable<string> Shortened(string word) => Enumerable.Range(0, word.Length).Select(at => word.Remove(at, 1)).Append(word);

    private static bool SaysTheSame(object? value, JsonElement inBody)
    {
        var said = Convert.ToString(value, CultureInfo.InvariantCulture);
        return inBody.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? string.Equals(said, inBody.GetRawText(), StringComparison.OrdinalIgnoreCase)
            : said is { Length: > 0 } && JsonText.Of(inBody) == said;
    }
}
