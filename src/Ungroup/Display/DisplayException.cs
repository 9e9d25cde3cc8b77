namespace Ungroup.Display;

/// <summary>An exception whose text is safe for a terminal and a log.</summary>
#pragma warning disable CA1032 // Made of another one, and never thrown.
internal sealed class DisplayException : Exception
#pragma warning restore CA1032
{
    private const int LongestStack = 16 * 1024;

    private readonly string _stack;
    private readonly string _whole;

    private DisplayException(Exception original)
        : base(DisplayText.Of(original.Message, DisplayText.LongestSentence), original.InnerException is { } inner ? Of(inner) : null) =>
        (_stack, _whole) = (Clean(original.StackTrace ?? ""), Clean(original.ToString()));

    public override string StackTrace => _stack;

    public static Exception Of(Exception exception) => Clean(exception.ToString()) == exception.ToString() ? exception : new DisplayException(exception);

    public override string ToString() => _whole;

    private static string Clean(string text) => string.Join(
        '\n', Lines(text.Length > LongestStack ? text[..LongestStack] : text));

    private static IEnumerable<string> Lines(string text) =>
        text.ReplaceLineEndings("\n").Split('\n').Select(line => DisplayText.Of(line, DisplayText.LongestSentence));
}
