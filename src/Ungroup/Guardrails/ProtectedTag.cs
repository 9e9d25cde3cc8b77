using Microsoft.Extensions.Options;

namespace Ungroup.Guardrails;

/// <summary>Protects what has one of the listed tags. Keys and values are as they are written, case and all, as ECS compares them.</summary>
internal sealed class ProtectedTag(IOptions<GuardrailOptions> options) : IGuardrail
{
    private readonly (string Text, string Key, string? Value)[] _tags = [.. options.Value.ProtectedTags.Select(Parse)];

    public Func<string, IReadOnlyList<KeyValuePair<string, string>>, string?>? AboutTags => _tags.Length == 0 ? null : Refuse;

    /// <summary>The key of <c>key</c> or <c>key=value</c>, and the value that it must have; null for any.</summary>
    public static (string Text, string Key, string? Value) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (text, text, null) : (text, text[..at], text[(at + 1)..]);
    }

    private string? Refuse(string resource, IReadOnlyList<KeyValuePair<string, string>> tags) =>
        Array.Find(_tags, tag => tags.Any(one => one.Key == tag.Key && (tag.Value is null || one.Value == tag.Value))).Text is { } found
            ? $"{resource} has the tag {found}, which is on the list of protected tags (Guardrails:ProtectedTags)."
            : null;
}
