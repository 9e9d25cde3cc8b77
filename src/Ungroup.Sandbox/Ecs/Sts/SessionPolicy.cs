using System.IO.Enumeration;
using System.Text.Json;

namespace Ungroup.Sandbox.Ecs.Sts;

/// <summary>
/// Limits a session further than its role does: statements that allow, with `*` in names. Nothing else of RAM's language.
/// https://www.alibabacloud.com/help/en/ram/user-guide/policy-structure-and-syntax
/// </summary>
internal sealed class SessionPolicy
{
    private readonly List<(string[] Actions, string[] Resources)> _allowed;

    private SessionPolicy(List<(string[] Actions, string[] Resources)> allowed) => _allowed = allowed;

    /// <summary>Null when it does not pass the grammar check.</summary>
    public static SessionPolicy? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return text.Length > 2048 || document.RootElement.GetProperty("Version").GetString() != "1" ? null : new(
            [
                .. document.RootElement.GetProperty("Statement").EnumerateArray()
                    .Where(statement => statement.GetProperty("Effect").GetString() == "Allow")
                    .Select(statement => (Texts(statement.GetProperty("Action")), Texts(statement.GetProperty("Resource")))),
            ]);
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Every resource of the call must be allowed; a call that names none needs the action alone.</summary>
    public bool Allows(string action, IEnumerable<string> resources) =>
        resources.DefaultIfEmpty("*").All(resource => _allowed.Exists(statement =>
            statement.Actions.Any(pattern => Matches(pattern, action)) && statement.Resources.Any(pattern => Matches(pattern, resource))));

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);

    private static string[] Texts(JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
        : [value.GetString()!];
}
