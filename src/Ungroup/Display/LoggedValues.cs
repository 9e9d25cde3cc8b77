using System.Collections;

namespace Ungroup.Display;

internal sealed class LoggedValues : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _values;

    public LoggedValues(object? state, string sentence)
    {
        _values = [.. In(state)];
        for (var at = 0; at < _values.Length; at++)
        {
            var (name, value) = _values[at];
            if (TextOf(value) is { Length: > 0 } text && !DisplayText.IsClean(text, RoomFor(name)))
            {
                var clean = DisplayText.Of(text, RoomFor(name));
                _values[at] = new(name, clean);
                sentence = sentence.Replace(text, clean, StringComparison.Ordinal);
            }
        }

        Sentence = DisplayText.Of(sentence.ReplaceLineEndings(" "), DisplayText.LongestSentence);
    }

    public string Sentence { get; }

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <summary>A sentence of clean values and our own words is clean; one without values has to be looked at.</summary>
    public static bool AreClean(object? state)
    {
        var values = In(state);
        foreach (var (name, value) in values)
        {
            if (TextOf(value) is { } text && !DisplayText.IsClean(text, RoomFor(name)))
            {
                return false;
            }
        }

        return values.Count > 0 || state is null;
    }

    public override string ToString() => Sentence;

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => _values.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IReadOnlyList<KeyValuePair<string, object?>> In(object? state) => state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];

    private static int RoomFor(string name) => name is "{OriginalFormat}" or "Reason" or "Why" or "Sentence" ? DisplayText.LongestSentence : DisplayText.Longest;

    private static string? TextOf(object? value) => value switch
    {
        null or IFormattable => null,
        string text => text,
        IEnumerable<object> several => string.Join(", ", several),
        _ => value.ToString(),
    };
}
