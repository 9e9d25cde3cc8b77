using System.Text;
using Ungroup.Display;

namespace Ungroup.Cli.Terminal;

/// <summary>A call of WriteLine is one line, whatever is in it; nothing that is written moves a cursor.</summary>
internal sealed class DisplayWriter(TextWriter inner) : TextWriter
{
    public override Encoding Encoding => inner.Encoding;

    public override void WriteLine(string? value) => inner.WriteLine(DisplayText.Of(value, int.MaxValue));

    public override void WriteLine() => inner.WriteLine();

    public override void Write(char value) => inner.Write(value is '\n' or '\r' ? value : Of(value.ToString()));

    public override void Write(string? value)
    {
        // Only our own text is written in pieces, such as help; its line ends are meant.
        var lines = (value ?? "").ReplaceLineEndings("\n").Split('\n').Select(Of);
        inner.Write(string.Join(Environment.NewLine, lines));
    }

    public override void Flush() => inner.Flush();

    private static string Of(string text) => DisplayText.Of(text, int.MaxValue);
}
