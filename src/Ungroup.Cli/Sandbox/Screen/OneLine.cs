using Spectre.Console;
using Spectre.Console.Rendering;
using Ungroup.Cli.Terminal;

namespace Ungroup.Cli.Sandbox.Screen;

/// <summary>Markup on exactly one line: cut at the edge, or filled up to it so that nothing old shows through.</summary>
internal sealed class OneLine(string markup) : IRenderable
{
    private const int Unlimited = 10_000;
    private const int LeastUseful = 12;

    private readonly Paragraph _markup = Cleaned.Drawn(markup);

    public Measurement Measure(RenderOptions options, int maxWidth)
    {
        var width = Segment.CellCount(Content(options));
        return new(Math.Min(width, LeastUseful), width);
    }

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var left = maxWidth;
        foreach (var segment in Content(options))
        {
            var width = segment.CellCount();
            if (width > left)
            {
                yield return new(Cut(segment.Text, left), segment.Style);
                yield break;
            }

            left -= width;
            yield return segment;
        }

        if (left > 0)
        {
            yield return Segment.Padding(left);
        }
    }

    private static string Cut(string text, int width)
    {
        while (text.Length > 0 && new Segment(text).CellCount() >= width)
        {
            text = text[..^1];
        }

        return width > 0 ? $"{(text is [.., var last] && char.IsHighSurrogate(last) ? text[..^1] : text)}…" : "";
    }

    // A column that aligns to the right would fill it up to all that width.
    private List<Segment> Content(RenderOptions options) =>
        [.. ((IRenderable)_markup).Render(options with { Justification = null }, Unlimited).Where(segment => !segment.IsLineBreak)];
}
