using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Amqp.Framing;
using Ungroup.Sandbox.Broker.Wire.Format;

namespace Ungroup.Sandbox.Broker.Wire.Nodes;

/// <summary>
/// Which messages a subscription gets: those of whose application properties one is in a list of texts. Of the language in
/// https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter this is the one sentence that is read.
/// </summary>
internal sealed partial class SqlFilter
{
    private readonly string? _property;
    private readonly HashSet<string> _values;

    private SqlFilter(string? property, IEnumerable<string> values)
    {
        _property = property;
        _values = new(values, StringComparer.Ordinal);
    }

    public static bool TryParse(string? expression, [NotNullWhen(true)] out SqlFilter? filter, [NotNullWhen(false)] out string? problem)
    {
        (filter, problem) = (null, null);
        if (expression is null || TrueFilter().IsMatch(expression))
        {
            filter = new(property: null, []);
            return true;
        }

        if (InList().Match(expression) is not { Success: true } match)
        {
            problem = $"The filter '{expression}' cannot be read; this broker knows PROPERTY IN ('VALUE', 'VALUE', …) on an application property, and 1=1.";
            return false;
        }

        filter = new(Name(match.Groups["name"].Value), match.Groups["value"].Captures.Select(value => Unquoted(value.Value, '\'')));
        return true;
    }

    /// <summary>As in SQL, a property that is missing or no text is in no list of texts.</summary>
    public bool Matches(byte[] payload)
    {
        if (_property is null)
        {
            return true;
        }

        var section = Section.Split(payload).Find(s => s.Code == Section.ApplicationProperties);
        return section.Code != 0 && section.Decode<ApplicationProperties>(payload).Map.Any(IsListed);
    }

    private bool IsListed(KeyValuePair<object, object> property) =>
        string.Equals(property.Key as string, _property, StringComparison.OrdinalIgnoreCase) && property.Value is string text && _values.Contains(text);

    private static string Name(string name) => name[0] switch
    {
        '[' => Unquoted(name, ']'),
        '"' => Unquoted(name, '"'),
        _ => name,
    };

    /// <summary>Within its quotes a closing quote is written twice.</summary>
    private static string Unquoted(string quoted, char quote) => quoted[1..^1].Replace($"{quote}{quote}", $"{quote}", StringComparison.Ordinal);

    [GeneratedRegex(@"^\s*1\s*=\s*1\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex TrueFilter();

    [GeneratedRegex(
        """^\s*(user\s*\.\s*)?(?<name>[\p{L}_][\p{L}\p{Nd}_]*|\[([^\]]|\]\])+\]|"([^"]|"")+")\s*\bIN\s*\(\s*(?<value>'([^']|'')*')(\s*,\s*(?<value>'([^']|'')*'))*\s*\)\s*$""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1_000)]
    private static partial Regex InList();
}
