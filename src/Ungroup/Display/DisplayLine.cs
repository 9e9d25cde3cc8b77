using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Ungroup.Display;

/// <summary>An interpolated sentence whose values are cleaned as they are put in.</summary>
[InterpolatedStringHandler]
#pragma warning disable CA1815 // Built by the compiler, read once.
internal readonly struct DisplayLine
#pragma warning restore CA1815
{
    private readonly StringBuilder _line;

    public DisplayLine(int literalLength, int formattedCount) => _line = new(literalLength + (16 * formattedCount));

    public void AppendLiteral(string value) => _line.Append(value);

    public void AppendFormatted<T>(T value) => AppendFormatted(value, format: null);

    public void AppendFormatted<T>(T value, string? format) => _line.Append(DisplayText.Of(
        value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString(),
        DisplayText.LongestSentence));

    public override string ToString() => _line.ToString();
}
