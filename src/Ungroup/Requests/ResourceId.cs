using System.Diagnostics.CodeAnalysis;

namespace Ungroup.Requests;

/// <summary>The resource of a request: an instance or a network interface.</summary>
internal abstract record ResourceId
{
    private const int LongestSuffix = 60;

    private ResourceId(string value) => Value = value;

    public string Value { get; }

    public sealed override string ToString() => Value;

    internal static bool HasForm([NotNullWhen(true)] string? text, string prefix) =>
        text is not null
        && text.Length > prefix.Length
        && text.Length <= prefix.Length + LongestSuffix
        && text.StartsWith(prefix, StringComparison.Ordinal)
        && text.AsSpan(prefix.Length).IndexOfAnyExcept(Characters.OfIds) < 0;

    /// <summary>An ECS instance, <c>i-…</c>. Its membership is that of its primary network interface.</summary>
    public sealed record Instance : ResourceId
    {
        private Instance(string value)
            : base(value)
        {
        }

        public static bool TryParse(string? text, [NotNullWhen(true)] out Instance? id)
        {
            id = HasForm(text, "i-") ? new(text) : null;
            return id is not null;
        }
    }

    /// <summary>An elastic network interface, <c>eni-…</c>.</summary>
    public sealed record NetworkInterface : ResourceId
    {
        private NetworkInterface(string value)
            : base(value)
        {
        }

        public static bool TryParse(string? text, [NotNullWhen(true)] out NetworkInterface? id)
        {
            id = HasForm(text, "eni-") ? new(text) : null;
            return id is not null;
        }
    }
}
